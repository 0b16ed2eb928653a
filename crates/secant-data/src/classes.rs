//! [`Classes`]: a column of names as numbers. As many names as there may be classes are kept, and one number for each row.

use std::collections::BTreeMap;

use crate::error::{Error, ErrorKind};
use crate::source::Source;

/// Which names there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names<'a> {
    /// These, in this order.
    Known(&'a [String]),
    /// Any, but not more.
    AtMost(usize),
}

/// Names as numbers: which class each row is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classes {
    /// The names of the classes: those that were known, or all that the column holds, sorted by their letters' code points.
    pub names: Vec<String>,
    /// The place of each row's name among them.
    pub rows: Vec<usize>,
}

impl Classes {
    /// Goes through a column; none where it holds no names.
    ///
    /// ```
    /// use secant_data::{Classes, Names, Options, open};
    /// # let path = std::env::temp_dir().join(format!("secant-data-classes-{}.csv", std::process::id()));
    /// std::fs::write(&path, "length,species\n7.2,virginica\n4.9,setosa\n7.1,virginica\n")?;
    /// let mut table = open(&path, &Options::default())?;
    /// let species = Classes::read(table.as_mut(), 1, Names::AtMost(3))?.expect("names");
    /// assert_eq!(species.names, ["setosa", "virginica"]);
    /// assert_eq!(species.rows, [1, 0, 1]);
    /// assert!(Classes::read(table.as_mut(), 0, Names::AtMost(3))?.is_none());
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where the file cannot be read, a cell of names is empty or a number, a name is none of those known, or there are too many; with its place.
    pub fn read(
        source: &mut dyn Source,
        column: usize,
        names: Names<'_>,
    ) -> Result<Option<Self>, Error> {
        // In the order in which they come; sorted when all are there.
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut rows = Vec::new();
        if let Names::Known(known) = names {
            seen.extend(known.iter().cloned().zip(0..));
        }
        let found = source.names_in(column, &mut |name| {
            let number = match (seen.get(name), names) {
                (Some(number), _) => *number,
                (None, Names::AtMost(most)) if seen.len() < most => {
                    let number = seen.len();
                    seen.insert(name.to_owned(), number);
                    number
                }
                (None, _) => return Err(one_too_many(name, seen.keys(), names)),
            };
            rows.push(number);
            Ok(())
        })?;
        if !found {
            return Ok(None);
        }
        let names = match names {
            Names::Known(known) => known.to_vec(),
            Names::AtMost(_) => {
                let mut sorted = vec![0; seen.len()];
                for (place, number) in seen.values().enumerate() {
                    sorted[*number] = place;
                }
                for row in &mut rows {
                    *row = sorted[*row];
                }
                seen.into_keys().collect()
            }
        };
        Ok(Some(Self { names, rows }))
    }
}

fn one_too_many<'n>(
    name: &str,
    names: impl ExactSizeIterator<Item = &'n String>,
    asked: Names<'_>,
) -> Error {
    /// So many names are told.
    const SHOWN: usize = 12;
    let count = names.len();
    let mut shown: Vec<&str> = names.take(SHOWN).map(String::as_str).collect();
    if count > SHOWN {
        shown.push("…");
    }
    let shown = shown.join(", ");
    let message = match asked {
        Names::Known(_) => format!("'{name}' is none of the {count} classes {shown}"),
        Names::AtMost(most) => {
            format!("'{name}' is one more class than the {most} there may be: {shown}")
        }
    };
    Error::new(ErrorKind::Cell, message)
}
