//! [`ParquetWriter`]: rows gathered by columns until they are worth a row group. Memory is bounded by the row group, not by the table.

use std::io;
use std::path::Path;
use std::sync::Arc;

use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use ::parquet::errors::{ParquetError, Result};
use ::parquet::file::properties::{EnabledStatistics, WriterProperties};
use ::parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use ::parquet::schema::types::{ColumnPath, Type};

use super::told;
use crate::write::{Draft, Entry, Kind, as_many};

/// The most cells of a row group.
const CELLS: usize = 1 << 21;
/// The most rows of one.
const ROWS: usize = 1 << 17;
/// The end of the file tells of each column in each row group: with more columns it would outgrow the numbers.
const MOST_COLUMNS: usize = 1 << 14;

/// A table under way.
pub(crate) struct ParquetWriter {
    file: SerializedFileWriter<Draft>,
    columns: Vec<Column>,
    rows: usize,
    most_rows: usize,
}

/// The cells of a column since the last row group; a level of 0 is a cell without a value.
struct Column {
    cells: Cells,
    levels: Vec<i16>,
}

enum Cells {
    Numbers(Vec<f64>),
    Whole(Vec<i64>),
    Texts(Vec<ByteArray>),
}

impl ParquetWriter {
    pub(crate) fn create(path: &Path, columns: &[(&str, Kind)]) -> io::Result<Self> {
        if columns.len() > MOST_COLUMNS {
            let message = format!(
                "a Parquet file of {} columns is not written, {MOST_COLUMNS} are the most",
                columns.len()
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let draft = Draft::new(path)?;
        let mut settings = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_dictionary_enabled(false)
            .set_offset_index_disabled(true);
        for (name, kind) in columns {
            if *kind == Kind::Text {
                settings = settings.set_column_dictionary_enabled(ColumnPath::from(*name), true);
            }
        }
        let file = schema(columns).and_then(|schema| {
            SerializedFileWriter::new(draft, Arc::new(schema), Arc::new(settings.build()))
        });
        let column = |(_, kind): &(&str, Kind)| Column {
            cells: match kind {
                Kind::Number => Cells::Numbers(Vec::new()),
                Kind::Whole => Cells::Whole(Vec::new()),
                Kind::Text => Cells::Texts(Vec::new()),
            },
            levels: Vec::new(),
        };
        Ok(Self {
            file: file.map_err(unwritten)?,
            columns: columns.iter().map(column).collect(),
            rows: 0,
            most_rows: (CELLS / columns.len().max(1)).clamp(1, ROWS),
        })
    }

    pub(crate) fn row(&mut self, cells: &[Entry<'_>]) -> io::Result<()> {
        as_many(cells, self.columns.len())?;
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(*cell)?;
        }
        self.rows += 1;
        if self.rows == self.most_rows {
            self.flush().map_err(unwritten)?;
        }
        Ok(())
    }

    /// Writes what was gathered as one row group.
    fn flush(&mut self) -> Result<()> {
        let mut group = self.file.next_row_group()?;
        for column in &mut self.columns {
            if let Some(writer) = group.next_column()? {
                column.write(writer)?;
            }
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        if self.rows > 0 {
            self.flush().map_err(unwritten)?;
        }
        self.file.into_inner().map_err(unwritten)?.publish()
    }
}

impl Column {
    fn push(&mut self, cell: Entry<'_>) -> io::Result<()> {
        match (&mut self.cells, cell) {
            (_, Entry::Empty) => {}
            (Cells::Numbers(numbers), Entry::Number(number)) => numbers.push(number),
            (Cells::Whole(numbers), Entry::Number(number)) if number.fract() == 0.0 => {
                numbers.push(number as i64)
            }
            (Cells::Texts(texts), Entry::Text(text)) => texts.push(text.into()),
            _ => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidInput,
                    "a cell is not of the kind of its column",
                ));
            }
        }
        self.levels.push(i16::from(cell != Entry::Empty));
        Ok(())
    }

    fn write(&mut self, mut writer: SerializedColumnWriter<'_>) -> Result<()> {
        let levels = std::mem::take(&mut self.levels);
        match &mut self.cells {
            Cells::Numbers(numbers) => put::<DoubleType>(&mut writer, numbers, &levels)?,
            Cells::Whole(numbers) => put::<Int64Type>(&mut writer, numbers, &levels)?,
            Cells::Texts(texts) => put::<ByteArrayType>(&mut writer, texts, &levels)?,
        }
        writer.close()
    }
}

fn put<T: DataType>(
    writer: &mut SerializedColumnWriter<'_>,
    values: &mut Vec<T::T>,
    levels: &[i16],
) -> Result<()> {
    writer
        .typed::<T>()
        .write_batch(values, Some(levels), None)?;
    values.clear();
    Ok(())
}

/// Columns in which any cell may lack its value.
fn schema(columns: &[(&str, Kind)]) -> Result<Type> {
    let field = |(name, kind): &(&str, Kind)| {
        let (physical, logical) = match kind {
            Kind::Number => (Physical::DOUBLE, None),
            Kind::Whole => (Physical::INT64, None),
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let field = Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical);
        field.build().map(Arc::new)
    };
    let fields = columns.iter().map(field).collect::<Result<Vec<_>>>()?;
    Type::group_type_builder("schema")
        .with_fields(fields)
        .build()
}

/// The reason of the system where there is one, such as a full disk.
fn unwritten(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(reason) => match reason.downcast::<io::Error>() {
            Ok(reason) => *reason,
            Err(reason) => io::Error::other(reason),
        },
        other => io::Error::other(told(&other)),
    }
}
