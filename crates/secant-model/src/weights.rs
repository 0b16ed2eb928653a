//! Tensors by name as safetensors: the parameters of a network, gradients, whatever has a name and a shape. Numbers are doubles; single and half precision are read too.

use std::collections::{BTreeMap, HashMap};

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use secant_train::Network;

use crate::error::{Error, ErrorKind};

/// A tensor with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// As `0.weight`.
    pub name: String,
    /// Its sides; the last index runs fastest.
    pub shape: Vec<usize>,
    /// Its numbers.
    pub values: Vec<f64>,
}

/// What a tensor of a network is called in another file, and how it lies there.
///
/// ```
/// use secant_model::weights::{Named, Stored, for_network};
/// use secant_train::{Network, layer::Dense};
/// let mut network = Network::new(&[2]);
/// network.push(std::sync::Arc::new(Dense::new(2, 1).without_bias())).unwrap();
/// // As Keras keeps them: a row for each input.
/// let kernel = Stored { name: "kernel".to_owned(), turned: true };
/// let theirs = Named { name: "kernel".to_owned(), shape: vec![2, 1], values: vec![0.5, 2.0] };
/// assert_eq!(for_network(&network, &[theirs], Some(&[kernel]))?, [0.5, 2.0]);
/// # Ok::<(), secant_model::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// Its name there.
    pub name: String,
    /// Whether it is a matrix that lies there with a row for each input, where the network has one for each output.
    pub turned: bool,
}

impl Stored {
    /// A tensor that lies in the file as in the network.
    #[must_use]
    pub fn plain(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            turned: false,
        }
    }
}

/// A matrix of rows with its columns as rows.
pub(crate) fn turned(values: &[f64], [rows, columns]: [usize; 2]) -> Vec<f64> {
    let column = |column: usize| (0..rows).map(move |row| values[row * columns + column]);
    (0..columns).flat_map(column).collect()
}

/// A file of tensors, with texts about them.
///
/// ```
/// use secant_model::weights::{Named, Tensors};
/// let bias = Named { name: "0.bias".to_owned(), shape: vec![2], values: vec![0.5, -0.5] };
/// let file = Tensors { tensors: vec![bias], ..Tensors::default() };
/// let read = Tensors::read(&file.write()?)?;
/// assert_eq!(read, file);
/// assert_eq!(read.named("0.bias").map(|bias| bias.values.len()), Some(2));
/// # Ok::<(), secant_model::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tensors {
    /// The tensors, in the order of the file.
    pub tensors: Vec<Named>,
    /// What else is told.
    pub about: BTreeMap<String, String>,
}

impl Tensors {
    /// The tensor of this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Named> {
        self.tensors.iter().find(|tensor| tensor.name == name)
    }

    /// Reads the bytes of a `.safetensors` file.
    ///
    /// # Errors
    /// Where the bytes are no such file, or hold numbers that are neither of floating point nor whole.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let broken = |reason: safetensors::SafeTensorError| {
            Error::new(
                ErrorKind::Format,
                format!("this is no safetensors file, or it is cut off: {reason}"),
            )
        };
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(broken)?;
        let about = header.metadata().clone().unwrap_or_default();
        let file = SafeTensors::deserialize(bytes).map_err(broken)?;
        let mut tensors = Vec::new();
        for (name, view) in file.iter() {
            tensors.push(Named {
                name: name.to_owned(),
                shape: view.shape().to_vec(),
                values: numbers(&view).map_err(|error| error.at(format!("tensor '{name}'")))?,
            });
        }
        // The file orders tensors by place, the reader by nothing.
        tensors.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self {
            tensors,
            about: about.into_iter().collect(),
        })
    }

    /// The bytes of a `.safetensors` file.
    ///
    /// # Errors
    /// Where two tensors have one name, or numbers are not as many as the shape says.
    pub fn write(&self) -> Result<Vec<u8>, Error> {
        let wrong = |reason: safetensors::SafeTensorError| {
            Error::new(ErrorKind::Mismatch, reason.to_string())
        };
        let bytes: Vec<Vec<u8>> = self
            .tensors
            .iter()
            .map(|tensor| {
                tensor
                    .values
                    .iter()
                    .flat_map(|value| value.to_le_bytes())
                    .collect()
            })
            .collect();
        let mut views = BTreeMap::new();
        for (tensor, bytes) in self.tensors.iter().zip(&bytes) {
            let view = TensorView::new(Dtype::F64, tensor.shape.clone(), bytes).map_err(wrong)?;
            if views.insert(tensor.name.clone(), view).is_some() {
                let message = format!("two tensors are called '{}'", tensor.name);
                return Err(Error::new(ErrorKind::Mismatch, message));
            }
        }
        let about: HashMap<String, String> = self.about.clone().into_iter().collect();
        let about = (!about.is_empty()).then_some(about);
        let bytes = safetensors::serialize(views, about).map_err(wrong)?;
        Ok(in_order(&bytes).unwrap_or(bytes))
    }
}

/// The same file with the names in its head in order: the same network shall be the same bytes, and the crate writes what is told beside the tensors in an order by
/// chance. `None` where there is no head.
fn in_order(bytes: &[u8]) -> Option<Vec<u8>> {
    const LENGTH: usize = size_of::<u64>();
    let (length, rest) = bytes.split_first_chunk::<LENGTH>()?;
    let (head, numbers) =
        rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    let head: BTreeMap<String, serde_json::Value> = serde_json::from_slice(head).ok()?;
    let mut head = serde_json::to_vec(&head).ok()?;
    // The numbers begin where doubles may.
    head.resize(head.len().next_multiple_of(LENGTH), b' ');
    Some([&(head.len() as u64).to_le_bytes(), head.as_slice(), numbers].concat())
}

/// The numbers of a tensor as doubles.
fn numbers(view: &TensorView<'_>) -> Result<Vec<f64>, Error> {
    fn of<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> f64) -> Vec<f64> {
        let (chunks, _) = bytes.as_chunks::<N>();
        chunks.iter().map(|bytes| number(*bytes)).collect()
    }
    let data = view.data();
    Ok(match view.dtype() {
        Dtype::F64 => of(data, f64::from_le_bytes),
        Dtype::F32 => of(data, |bytes| f64::from(f32::from_le_bytes(bytes))),
        Dtype::F16 => of(data, |bytes| crate::number::half(u16::from_le_bytes(bytes))),
        Dtype::BF16 => of(data, |bytes: [u8; 2]| {
            f64::from(f32::from_bits(u32::from(u16::from_le_bytes(bytes)) << 16))
        }),
        Dtype::I64 => of(data, |bytes| i64::from_le_bytes(bytes) as f64),
        Dtype::I32 => of(data, |bytes| f64::from(i32::from_le_bytes(bytes))),
        Dtype::U8 => data.iter().map(|value| f64::from(*value)).collect(),
        other => {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!("numbers of the kind {other:?} are not read"),
            ));
        }
    })
}

/// Numbers for all parameters of a network as tensors with its names.
///
/// ```
/// use secant_model::weights::{for_network, of_network};
/// let network = secant_train::Network::dense(&[2, 3, 1], "tanh").unwrap();
/// let parameters: Vec<f64> = network.initial(1);
/// let tensors = of_network(&network, &parameters);
/// assert_eq!(tensors[0].name, "0.weight");
/// assert_eq!(for_network(&network, &tensors, None)?, parameters);
/// # Ok::<(), secant_model::Error>(())
/// ```
#[must_use]
pub fn of_network(network: &Network, numbers: &[f64]) -> Vec<Named> {
    let tensor = |tensor: &secant_train::Tensor| Named {
        name: tensor.name.clone(),
        shape: tensor.shape.clone(),
        values: numbers
            .get(tensor.range.clone())
            .unwrap_or_default()
            .to_vec(),
    };
    network.tensors().iter().map(tensor).collect()
}

/// Tensors as numbers for all parameters of a network: by the names of the network, or as they are `stored` elsewhere, one for each tensor.
/// Which of the two is told by the file as a whole, for the same name may belong to different tensors there. Sides of length 1 do not count.
///
/// # Errors
/// Where a tensor is not of the network, one is missing, or has another shape.
pub fn for_network(
    network: &Network,
    tensors: &[Named],
    stored: Option<&[Stored]>,
) -> Result<Vec<f64>, Error> {
    let own = network.tensors().iter();
    let own: Vec<Stored> = own.map(|own| Stored::plain(&own.name)).collect();
    let known = |stored: &[Stored]| {
        let is_known = |tensor: &&Named| stored.iter().any(|stored| stored.name == tensor.name);
        tensors.iter().filter(is_known).count()
    };
    let stored = match stored {
        Some(elsewhere) if known(elsewhere) >= known(&own) => elsewhere,
        _ => &own,
    };
    let names: Vec<&str> = stored.iter().map(|stored| &*stored.name).collect();
    let listed = |names: &mut dyn Iterator<Item = &str>| {
        let shown: Vec<&str> = names.take(SHOWN + 1).collect();
        match shown.get(..SHOWN) {
            Some(first) if shown.len() > SHOWN => format!("{}, …", first.join(", ")),
            _ => shown.join(", "),
        }
    };
    if let Some(unknown) = tensors
        .iter()
        .find(|tensor| !names.contains(&&*tensor.name))
    {
        let message = format!("the network has no tensor '{}'", unknown.name);
        let its = listed(&mut names.iter().copied());
        return Err(Error::new(ErrorKind::Mismatch, message).hint(format!("its tensors are {its}")));
    }
    let mut numbers = vec![0.0; network.parameters()];
    for (wanted, stored) in network.tensors().iter().zip(stored) {
        let Stored {
            name,
            turned: is_turned,
        } = stored;
        let mut shape = wanted.shape.clone();
        if *is_turned {
            shape.reverse();
        }
        let mut found = tensors.iter().filter(|tensor| tensor.name == *name);
        let (Some(first), None) = (found.next(), found.next()) else {
            let count = tensors.iter().filter(|tensor| tensor.name == *name).count();
            let message = match count {
                0 => format!("there is no tensor '{name}' of shape {shape:?}"),
                _ => format!("there are {count} tensors '{name}'"),
            };
            let there = listed(&mut tensors.iter().map(|tensor| &*tensor.name));
            return Err(
                Error::new(ErrorKind::Mismatch, message).hint(format!("the file holds {there}"))
            );
        };
        let fits = sides(&first.shape).eq(sides(&shape));
        if !fits || first.values.len() != wanted.range.len() {
            let by = if *is_turned { "has there" } else { "takes" };
            let message = format!("it has shape {:?}, the network {by} {shape:?}", first.shape);
            return Err(Error::new(ErrorKind::Mismatch, message).at(format!("tensor '{name}'")));
        }
        let place = &mut numbers[wanted.range.clone()];
        match *shape {
            [inputs, outputs] if *is_turned => {
                place.copy_from_slice(&turned(&first.values, [inputs, outputs]));
            }
            _ => place.copy_from_slice(&first.values),
        }
    }
    Ok(numbers)
}

/// The sides of a shape along which there is more than one number.
fn sides(shape: &[usize]) -> impl Iterator<Item = &usize> {
    shape.iter().filter(|side| **side != 1)
}

/// So many names are told.
const SHOWN: usize = 8;
