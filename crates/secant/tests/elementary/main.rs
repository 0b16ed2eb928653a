//! The suite of the table: every entry is held against 50-digit references, against its own enclosures over
//! boxes, and against its series beside kinks. The checks give a list of complaints, so that planted faults can
//! be shown to cause some.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod faults;
mod ranges;
mod reference;
mod sides;
mod subject;
mod table;
mod truth;
