//! [`Document`]: JSON as far as a gradient may be written in it. A name that stands there twice is kept twice: which of the two was meant nobody knows.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A document, or a part of one.
#[derive(Debug)]
pub(super) enum Document {
    Number(f64),
    List(Vec<Self>),
    Named(Vec<(String, Self)>),
    /// What is no number, as it may be told.
    Other(String),
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Document;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("numbers, in a list or by names")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Document, E> {
        Ok(Document::Number(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Document, E> {
        Ok(Document::Number(number as f64))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Document, E> {
        Ok(Document::Number(number as f64))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Document, E> {
        Ok(Document::Other(truth.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Document, E> {
        Ok(Document::Other("null".to_owned()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Document, E> {
        Ok(Document::Other(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Document, A::Error> {
        let mut all = Vec::new();
        while let Some(part) = list.next_element()? {
            all.push(part);
        }
        Ok(Document::List(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
        let mut all = Vec::new();
        while let Some(pair) = map.next_entry()? {
            all.push(pair);
        }
        Ok(Document::Named(all))
    }
}
