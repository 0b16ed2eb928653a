//! Columns of text under one another. A table knows widths, nothing of what its cells mean.

/// How the cells of a column stand under one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// They begin together.
    Left,
    /// Their decimal points stand together.
    Point,
}

/// Rows under a heading.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Align>,
    rows: Vec<Vec<String>>,
}

const GAP: &str = "  ";

impl Table {
    /// An empty table with these columns.
    pub(crate) fn new(columns: &[(&str, Align)]) -> Self {
        let heading = columns
            .iter()
            .map(|(title, _)| (*title).to_owned())
            .collect();
        Self {
            columns: columns.iter().map(|column| column.1).collect(),
            rows: vec![heading],
        }
    }

    /// The same table with one row more.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The table as lines; a column that holds nothing is left out.
    pub(crate) fn lines(&self) -> String {
        let mut lines = vec![String::new(); self.rows.len()];
        for (column, align) in self.columns.iter().enumerate() {
            let cells: Vec<&str> = self
                .rows
                .iter()
                .map(|row| row.get(column).map_or("", String::as_str))
                .collect();
            if cells[1..].iter().all(|cell| cell.is_empty()) {
                continue;
            }
            let first = lines.iter().all(String::is_empty);
            for (line, cell) in lines.iter_mut().zip(aligned(&cells, *align)) {
                if !first {
                    line.push_str(GAP);
                }
                line.push_str(&cell);
            }
        }
        lines
            .iter()
            .map(|line| format!("{}\n", line.trim_end()))
            .collect()
    }
}

/// Characters; the names and signs in a table are all one column wide.
fn width(cell: &str) -> usize {
    cell.chars().count()
}

/// The cells of one column, the heading first, padded to one width.
fn aligned(cells: &[&str], align: Align) -> Vec<String> {
    let before = |cell: &str| match align {
        Align::Left => 0,
        Align::Point => cell
            .find(['.', 'e'])
            .map_or(width(cell), |point| width(&cell[..point])),
    };
    let deepest = cells[1..]
        .iter()
        .map(|cell| before(cell))
        .max()
        .unwrap_or(0);
    let mut padded: Vec<String> = cells[1..]
        .iter()
        .map(|cell| format!("{}{cell}", " ".repeat(deepest - before(cell))))
        .collect();
    let widest = padded.iter().map(|cell| width(cell)).max().unwrap_or(0);
    // A heading over whole numbers stands over their last digits, else over where they begin.
    let whole = align == Align::Point && widest == deepest;
    let heading = if whole {
        format!(
            "{}{}",
            " ".repeat(widest.saturating_sub(width(cells[0]))),
            cells[0]
        )
    } else {
        cells[0].to_owned()
    };
    let wide = width(&heading).max(widest);
    let indent = if whole { wide - widest } else { 0 };
    for cell in &mut padded {
        *cell = format!("{}{cell}", " ".repeat(indent));
    }
    padded.insert(0, heading);
    padded
        .iter()
        .map(|cell| format!("{cell}{}", " ".repeat(wide - width(cell))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_stand_under_points_and_empty_columns_go() {
        let mut table = Table::new(&[
            ("x", Align::Point),
            ("note", Align::Left),
            ("slope", Align::Point),
        ]);
        table.row(["1".to_owned(), String::new(), "12.5".to_owned()]);
        table.row(["10".to_owned(), String::new(), "-0.25".to_owned()]);
        assert_eq!(table.lines(), " x  slope\n 1  12.5\n10  -0.25\n");
    }
}
