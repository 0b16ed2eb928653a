//! [`Csv`]: rows of text as RFC 4180 has them, with what is usual beside it: any delimiter, a header or none, lines that
//! end in CR LF, a byte order mark. Ends of rows are found first; then the rows of a chunk are parsed side by side,
//! each straight to its place in the columns.

use std::cmp::Ordering;
use std::path::Path;

use memchr::{memchr, memchr_iter, memchr2};
use rayon::prelude::*;

use crate::cell::{self, Cell, shown};
use crate::digits;
use crate::error::{Error, ErrorKind};
use crate::source::{self, Chunk, Header, Missing, Options, Progress, Source};
use crate::stream::Stream;

/// Bytes asked of the file at a time.
const BLOCK: usize = 4 << 20;
/// A row longer than this is taken for a quotation mark that is never closed.
const LONGEST_ROW: usize = 64 << 20;
/// Rows that one thread parses in turn.
const PIECE: usize = 4096;

/// A table of text.
pub struct Csv {
    stream: Stream,
    names: Vec<String>,
    delimiter: u8,
    has_header: bool,
    missing: Missing,
    most_rows: usize,
    /// For each column of the file, its place in the selection.
    wanted: Vec<Option<usize>>,
    /// How many columns are selected.
    selected: usize,
    /// Places of the selection at which a column stands again: where it stands first, and there.
    copies: Vec<(usize, usize)>,
    /// What is read and not yet parsed: `buffer[start..end]`.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// The first quotation mark of what is not yet parsed, or `end`: rows before it end at their first line feed.
    quote: usize,
    is_over: bool,
    /// The line at `start`, counted from 1.
    line: u64,
    progress: Progress,
    ends: Vec<(usize, usize)>,
}

impl Csv {
    /// Opens a table and reads its first line.
    ///
    /// # Errors
    /// Where the file cannot be read, is empty, or its header is no text.
    pub fn open(path: &Path, options: &Options) -> Result<Self, Error> {
        let mut csv = Self {
            stream: Stream::open(path)?,
            names: Vec::new(),
            delimiter: b',',
            has_header: false,
            missing: options.missing,
            most_rows: options.chunk.max(1),
            wanted: Vec::new(),
            selected: 0,
            copies: Vec::new(),
            buffer: Vec::new(),
            start: 0,
            end: 0,
            quote: 0,
            is_over: false,
            line: 1,
            progress: Progress::default(),
            ends: Vec::new(),
        };
        csv.begin()?;
        let first = csv.first_row()?;
        csv.delimiter = options.delimiter.unwrap_or_else(|| delimiter(&first));
        for cell in cells(&first, csv.delimiter) {
            closed(cell).map_err(|error| error.within(path).line(csv.line))?;
        }
        let cells: Vec<Vec<u8>> = cells(&first, csv.delimiter).map(plain).collect();
        csv.has_header = match options.header {
            Header::Present => true,
            Header::Absent => false,
            Header::Auto => !cells.iter().all(|cell| cell::is_data(cell)),
        };
        if options.header == Header::Auto && csv.has_header && options.names.is_some() {
            csv.is_of_names(&cells)?;
        }
        csv.names = csv.names(&cells, options)?;
        csv.select(&(0..csv.names.len()).collect::<Vec<_>>())?;
        Ok(csv)
    }

    /// The first row that is not blank.
    fn first_row(&mut self) -> Result<Vec<u8>, Error> {
        self.find_rows(1)?;
        match self.ends.first() {
            Some((start, end)) => Ok(self.buffer[*start..*end].to_vec()),
            None => Err(self.error(ErrorKind::Empty, "the file is empty")),
        }
    }

    /// Goes to the first line, behind a byte order mark.
    fn begin(&mut self) -> Result<(), Error> {
        self.stream.rewind()?;
        (self.start, self.end, self.quote, self.is_over) = (0, 0, 0, false);
        (self.line, self.progress) = (1, Progress::default());
        self.read_on()?;
        if self.buffer[..self.end].starts_with(b"\xef\xbb\xbf") {
            self.start = 3;
        }
        Ok(())
    }

    /// That a first row which is taken for names holds no number: where the names are given, nobody would miss it.
    fn is_of_names(&self, first: &[Vec<u8>]) -> Result<(), Error> {
        let is_number = |cell: &Vec<u8>| !cell.trim_ascii().is_empty() && cell::is_data(cell);
        if !first.iter().any(is_number) {
            return Ok(());
        }
        let message = "the first row holds words and numbers, so it may be names or data";
        Err(self
            .error(ErrorKind::Format, message)
            .line(self.line)
            .hint("tell whether there is a header: always or never"))
    }

    fn names(&self, first: &[Vec<u8>], options: &Options) -> Result<Vec<String>, Error> {
        let name = |(place, cell): (usize, &Vec<u8>)| {
            if !self.has_header {
                return Ok(format!("column{}", place + 1));
            }
            match std::str::from_utf8(cell.trim_ascii()) {
                Ok(name) => Ok(name.to_owned()),
                Err(_) => Err(self
                    .error(
                        ErrorKind::Format,
                        format!("the name of column {} is no UTF-8", place + 1),
                    )
                    .line(1)
                    .hint("is this a text file?")),
            }
        };
        let own: Result<Vec<String>, Error> = first.iter().enumerate().map(name).collect();
        source::named(own?, options, self.stream.path())
    }

    fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        Error::new(kind, message).within(self.stream.path())
    }

    /// Finds the ends of the next rows, at most so many, reading on as far as one block; gives the place behind them.
    fn find_rows(&mut self, most: usize) -> Result<usize, Error> {
        self.ends.clear();
        let mut place = self.start;
        while self.ends.len() < most && !(self.is_over && place == self.end) {
            if self.quote < place {
                self.quote = place + mark(&self.buffer[place..self.end]);
            }
            let quote = self.quote - place;
            match row_end(&self.buffer[place..self.end], self.delimiter, quote) {
                Some(length) => {
                    self.note(place, place + length);
                    place += length + 1;
                }
                None if self.is_over => {
                    self.note(place, self.end);
                    place = self.end;
                }
                None if !self.ends.is_empty() && place - self.start >= BLOCK => break,
                None => place -= self.read_on()?,
            }
        }
        Ok(place)
    }

    /// Leaves what was parsed behind, up to this place.
    fn go_to(&mut self, place: usize) {
        self.line += memchr_iter(b'\n', &self.buffer[self.start..place]).count() as u64;
        self.start = place;
    }

    /// Notes a row, unless it is blank.
    fn note(&mut self, start: usize, end: usize) {
        let end = match self.buffer[start..end] {
            [.., b'\r'] => end - 1,
            _ => end,
        };
        if end > start {
            self.ends.push((start, end));
        }
    }

    /// Reads another block behind what is there, and gives by how much everything moved to the front.
    fn read_on(&mut self) -> Result<usize, Error> {
        let moved = self.start;
        self.buffer.copy_within(self.start..self.end, 0);
        for (start, end) in &mut self.ends {
            *start -= moved;
            *end -= moved;
        }
        (self.start, self.end) = (0, self.end - moved);
        if self.end > LONGEST_ROW + BLOCK {
            return Err(self
                .error(ErrorKind::Format, "a row is longer than 64 MiB")
                .line(self.line)
                .hint("is a quotation mark not closed?"));
        }
        self.buffer.resize(self.end + BLOCK, 0);
        let read = self.stream.fill(&mut self.buffer[self.end..])?;
        self.is_over = read < BLOCK;
        // What was there before need not be looked through again.
        self.quote -= moved;
        if self.quote == self.end {
            self.quote += mark(&self.buffer[self.end..self.end + read]);
        }
        self.end += read;
        Ok(moved)
    }

    /// Parses the rows that were found, piece by piece side by side.
    fn parse(&self, chunk: &mut Chunk) -> Result<(), Error> {
        let rows = Rows {
            bytes: &self.buffer,
            delimiter: self.delimiter,
            missing: self.missing,
            wanted: &self.wanted,
        };
        let pieces = pieces(&self.ends, &mut chunk.columns);
        let parsed: Vec<Result<(), Fault>> = pieces
            .into_par_iter()
            .map(|(ends, mut columns)| {
                let mut ends = ends.iter().enumerate();
                ends.try_for_each(|(row, end)| rows.parse(*end, row, &mut columns))
            })
            .collect();
        // The first in the file is told, whichever thread was first.
        let first = parsed.into_iter().find_map(Result::err);
        first.map_or(Ok(()), |fault| Err(self.told(fault)))
    }

    /// All names in a column.
    fn take_names(
        &mut self,
        column: usize,
        take: &mut dyn FnMut(&str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.rewind()?;
        loop {
            let behind = self.find_rows(self.most_rows)?;
            if self.ends.is_empty() {
                return Ok(());
            }
            for (start, end) in &self.ends {
                let told = |error| self.told((*start, Some(column), error));
                let cell = self.cell_at((*start, *end), column)?;
                take(cell::name(&cell).map_err(told)?).map_err(told)?;
            }
            self.go_to(behind);
        }
    }

    /// The cell of a row in this column, out of its quotation marks.
    fn cell_at(&self, (start, end): (usize, usize), column: usize) -> Result<Vec<u8>, Error> {
        let mut rest = Some(&self.buffer[start..end]);
        for found in 0..column {
            let row = rest.ok_or_else(|| self.short(start, found))?;
            rest = first_cell(row, self.delimiter).1;
        }
        let row = rest.ok_or_else(|| self.short(start, column))?;
        let (cell, _) = first_cell(row, self.delimiter);
        closed(cell).map_err(|error| self.told((start, Some(column), error)))?;
        Ok(plain(cell))
    }

    fn short(&self, start: usize, found: usize) -> Error {
        self.told((start, None, ragged(found, self.names.len())))
    }

    fn told(&self, (start, column, error): Fault) -> Error {
        let lines = memchr_iter(b'\n', &self.buffer[self.start..start]).count() as u64;
        let error = error.within(self.stream.path()).line(self.line + lines);
        match column {
            Some(column) => error.column(column, &self.names[column]),
            None => error,
        }
    }
}

/// Rows of the text with the part of each column that is theirs.
type Piece<'a> = (&'a [(usize, usize)], Vec<&'a mut [f64]>);

fn pieces<'a>(ends: &'a [(usize, usize)], columns: &'a mut [Vec<f64>]) -> Vec<Piece<'a>> {
    let mut pieces: Vec<Piece<'a>> = ends.chunks(PIECE).map(|ends| (ends, Vec::new())).collect();
    for column in columns {
        for (piece, part) in pieces.iter_mut().zip(column.chunks_mut(PIECE)) {
            piece.1.push(part);
        }
    }
    pieces
}

/// Where the first quotation mark is, or the end.
fn mark(bytes: &[u8]) -> usize {
    memchr(b'"', bytes).unwrap_or(bytes.len())
}

/// The length of the row at the beginning of these bytes, up to its line feed, when the first quotation mark is at `quote`; none where it is not whole.
fn row_end(bytes: &[u8], delimiter: u8, quote: usize) -> Option<usize> {
    let end = memchr(b'\n', bytes)?;
    if end < quote {
        return Some(end);
    }
    let mut place = 0;
    loop {
        place += match bytes.get(place)? {
            b'"' => quoted_length(&bytes[place..])?,
            _ => 0,
        };
        place += memchr2(delimiter, b'\n', &bytes[place..])?;
        if bytes[place] == b'\n' {
            return Some(place);
        }
        place += 1;
    }
}

/// The length of a cell that begins with a quotation mark, up to and with the one that closes it.
fn quoted_length(bytes: &[u8]) -> Option<usize> {
    let mut place = 1;
    loop {
        place += memchr(b'"', &bytes[place..])? + 1;
        if bytes.get(place) != Some(&b'"') {
            return Some(place);
        }
        place += 1;
    }
}

/// The cells of a row as they stand there.
fn cells(row: &[u8], delimiter: u8) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(row);
    std::iter::from_fn(move || {
        let (cell, after) = first_cell(rest?, delimiter);
        rest = after;
        Some(cell)
    })
}

/// The first cell of a row as it stands there, and what comes behind its delimiter.
fn first_cell(row: &[u8], delimiter: u8) -> (&[u8], Option<&[u8]>) {
    let quoted = match row.first() {
        Some(b'"') => quoted_length(row).unwrap_or(row.len()),
        _ => 0,
    };
    match memchr(delimiter, &row[quoted..]) {
        Some(length) => (&row[..quoted + length], Some(&row[quoted + length + 1..])),
        None => (row, None),
    }
}

/// That a cell that begins with a quotation mark ends with the one that closes it.
fn closed(cell: &[u8]) -> Result<(), Error> {
    if !cell.starts_with(b"\"") {
        return Ok(());
    }
    let message = match quoted_length(cell) {
        Some(length) if cell[length..].trim_ascii().is_empty() => return Ok(()),
        Some(_) => "text stands behind a closing quotation mark",
        None => "a quotation mark is opened and not closed",
    };
    Err(Error::new(ErrorKind::Format, message)
        .hint("within a cell in quotation marks, two of them stand for one"))
}

/// A cell without its quotation marks; as it is where they do not enclose the whole of it.
fn plain(cell: &[u8]) -> Vec<u8> {
    let [b'"', inner @ ..] = cell else {
        return cell.to_vec();
    };
    let mut plain = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(mark) = memchr(b'"', rest) {
        plain.extend_from_slice(&rest[..mark]);
        rest = &rest[mark + 1..];
        match rest {
            [b'"', more @ ..] => {
                plain.push(b'"');
                rest = more;
            }
            _ if rest.trim_ascii().is_empty() => return plain,
            _ => break,
        }
    }
    cell.to_vec()
}

/// What parts the cells of the first row: comma, semicolon or tab, whichever there is most of.
fn delimiter(row: &[u8]) -> u8 {
    let count = |delimiter: &u8| cells(row, *delimiter).count();
    // Of several that are equal the last is taken.
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(count)
        .unwrap_or(b',')
}

/// What all rows of a chunk have in common.
struct Rows<'a> {
    bytes: &'a [u8],
    delimiter: u8,
    missing: Missing,
    wanted: &'a [Option<usize>],
}

/// Why a row cannot be read: where it begins, which column, and what is wrong.
type Fault = (usize, Option<usize>, Error);

impl Rows<'_> {
    /// Parses one row to the places that its columns have.
    fn parse(
        &self,
        (start, end): (usize, usize),
        row: usize,
        columns: &mut [&mut [f64]],
    ) -> Result<(), Fault> {
        let mut next = Some(start);
        for (column, wanted) in self.wanted.iter().enumerate() {
            let Some(begin) = next else {
                return Err((start, None, self.ragged(column)));
            };
            if let Some(place) = wanted
                && let Some((number, behind)) = self.number(begin, end)
            {
                columns[*place][row] = number;
                next = behind;
                continue;
            }
            let (cell, rest) = first_cell(&self.bytes[begin..end], self.delimiter);
            next = rest.map(|rest| end - rest.len());
            let told = |error| (start, Some(column), error);
            // In a column that is not read, too: what is within the quotation marks may be the next rows.
            closed(cell).map_err(told)?;
            if let Some(place) = wanted {
                columns[*place][row] = self.cell(cell).map_err(told)?;
            }
        }
        match next {
            None => Ok(()),
            Some(begin) => {
                let more = cells(&self.bytes[begin..end], self.delimiter).count();
                Err((start, None, self.ragged(self.wanted.len() + more)))
            }
        }
    }

    /// The number that begins here and where the next cell does, where it fills its cell: by far the most common case, done in one go.
    fn number(&self, begin: usize, end: usize) -> Option<(f64, Option<usize>)> {
        if let Some((number, behind)) = digits::decimal(self.bytes, begin)
            && let Some(next) = self.behind(behind, end)
        {
            return Some((number, next));
        }
        let (number, length) =
            fast_float2::parse_partial::<f64, _>(&self.bytes[begin..end]).ok()?;
        let next = self.behind(begin + length, end)?;
        number.is_finite().then_some((number, next))
    }

    /// Where the next cell begins, or that there is none, when one ends here; none where it does not end here.
    fn behind(&self, place: usize, end: usize) -> Option<Option<usize>> {
        match place.cmp(&end) {
            Ordering::Equal => Some(None),
            Ordering::Less if self.bytes[place] == self.delimiter => Some(Some(place + 1)),
            _ => None,
        }
    }

    /// The number of a cell that takes a closer look.
    fn cell(&self, cell: &[u8]) -> Result<f64, Error> {
        match cell::read(&plain(cell), self.delimiter)? {
            Cell::Number(number) => Ok(number),
            Cell::Missing if self.missing == Missing::Refuse => Err(source::missing(&shown(cell))),
            Cell::Missing => Ok(f64::NAN),
        }
    }

    fn ragged(&self, found: usize) -> Error {
        ragged(found, self.wanted.len())
    }
}

/// That a row has another number of cells than the table has columns.
fn ragged(found: usize, columns: usize) -> Error {
    let found = if found == 1 {
        "1 cell".to_owned()
    } else {
        format!("{found} cells")
    };
    let columns = if columns == 1 {
        "is 1 column".to_owned()
    } else {
        format!("are {columns} columns")
    };
    let message = format!("the row has {found}, and there {columns}");
    Error::new(ErrorKind::Ragged, message)
        .hint("a comma within a cell needs quotation marks around the cell")
}

impl Source for Csv {
    fn path(&self) -> &Path {
        self.stream.path()
    }

    fn names(&self) -> &[String] {
        &self.names
    }

    fn select(&mut self, columns: &[usize]) -> Result<(), Error> {
        source::within(columns, self)?;
        self.wanted = vec![None; self.names.len()];
        self.copies.clear();
        for (place, column) in columns.iter().enumerate() {
            match self.wanted[*column] {
                Some(first) => self.copies.push((first, place)),
                None => self.wanted[*column] = Some(place),
            }
        }
        self.selected = columns.len();
        self.rewind()
    }

    fn rewind(&mut self) -> Result<(), Error> {
        self.begin()?;
        if self.has_header {
            let behind = self.find_rows(1)?;
            self.go_to(behind);
        }
        Ok(())
    }

    fn next_chunk(&mut self, chunk: &mut Chunk) -> Result<bool, Error> {
        chunk.reset(0, 0, 0);
        // A chunk may lose all its rows to missing values, and is then not the last.
        while chunk.is_empty() {
            let behind = self.find_rows(self.most_rows)?;
            if self.ends.is_empty() {
                return Ok(false);
            }
            let first = self.progress.rows + self.progress.skipped + 1;
            chunk.reset(self.selected, self.ends.len(), first);
            self.parse(chunk)?;
            for (first, again) in &self.copies {
                chunk.columns[*again] = chunk.columns[*first].clone();
            }
            self.go_to(behind);
            if self.missing == Missing::Skip {
                self.progress.skipped += chunk.skip_missing();
            }
            self.progress.rows += chunk.len() as u64;
        }
        Ok(true)
    }

    fn names_in(
        &mut self,
        column: usize,
        take: &mut dyn FnMut(&str) -> Result<(), Error>,
    ) -> Result<bool, Error> {
        source::within(&[column], self)?;
        self.rewind()?;
        self.find_rows(1)?;
        let first = self.ends.first().map(|end| self.cell_at(*end, column));
        let is_name = matches!(first, Some(Ok(cell)) if cell::is_name(&cell));
        if is_name {
            self.take_names(column, take)?;
        }
        self.rewind()?;
        Ok(is_name)
    }

    fn progress(&self) -> Progress {
        let (total, read) = self.stream.bytes();
        Progress {
            read,
            total: Some(total),
            ..self.progress
        }
    }
}
