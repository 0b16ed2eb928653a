//! A scene as lines of text: curves in braille dots, everything else in words.
//!
//! Each cell of the terminal holds 2 by 4 dots. Points are whole characters,
//! labels stand where cells are free and are left out where none are. No line
//! is wider than asked, no more lines come than asked.

use unicode_width::UnicodeWidthChar;

use crate::area::{Area, Place};
use crate::axis::{Axis, Marks};
use crate::colour::{Colour, Rgb, Theme};
use crate::guide::Direction;
use crate::range::Range;
use crate::scene::{Dash, Item, Label, Region, Scene, Sign, Stance};
use crate::ticks::{Tick, marks, most_apart};

/// Smallest frame, in cells, that is worth drawing.
const FEWEST_COLUMNS: usize = 8;
const FEWEST_ROWS: usize = 3;
/// Larger terminals are drawn as if they ended here.
const MOST: usize = 1000;

/// A scene as at most `rows` lines of at most `columns` characters.
///
/// With `colour`, lines and labels carry 24-bit ANSI colours of the scene's
/// theme; what is drawn in [`Colour::Ink`] keeps the colour of the terminal.
/// A terminal too small for a frame gets the title alone.
///
/// ```
/// use secant_plot::{Line, Scene, terminal};
///
/// let scene = Scene::new(400.0, 300.0).with(Line::new([[0.0, 0.0], [1.0, 1.0]]));
/// let picture = terminal(&scene, 40, 10, false);
/// assert!(picture.lines().count() <= 10);
/// assert!(picture.lines().all(|line| line.chars().count() <= 40));
/// ```
pub fn terminal(scene: &Scene, columns: usize, rows: usize, colour: bool) -> String {
    let (columns, rows) = (columns.min(MOST), rows.min(MOST));
    let mut screen = Screen::new(columns, rows, colour);
    draw(scene, &mut screen);
    screen.into_text()
}

fn draw(scene: &Scene, screen: &mut Screen) {
    let mut top = 0;
    if let Some(title) = &scene.title {
        screen.write_centred(0, 0, screen.columns, title.plain(), None);
        top += 1;
    }
    if !scene.keys.is_empty() && !scene.bare {
        let mut column = 0;
        for key in &scene.keys {
            let words = key.tex.plain();
            screen.set(top, column, '●', Some(scene.theme.rgb(key.colour)));
            screen.write(top, column + 2, words, None);
            column += width(words) + 4;
        }
        top += 1;
    }
    if let Some(name) = &scene.y.label {
        screen.write(top, 0, name.plain(), None);
        top += 1;
    }
    let below = 2 + usize::from(scene.x.label.is_some());
    let height = screen.rows.saturating_sub(top + below);
    let x = Range::of(&scene.x, &scene.items, 0);
    let y = Range::of(&scene.y, &scene.items, 1);
    let most = match scene.y.marks {
        Marks::Names(_) => height as f64,
        _ => (height as f64 / 2.0).clamp(2.0, 8.0),
    };
    let widest = (screen.columns / 3) as f64;
    let shorter = |tick: Tick| Tick {
        text: tick
            .text
            .shortened(widest, |text| width(text.plain()) as f64),
        ..tick
    };
    let y_ticks: Vec<Tick> = marks(&scene.y, &y, most).into_iter().map(shorter).collect();
    let number = y_ticks.iter().map(|tick| width(tick.text.plain())).max();
    let left = number.unwrap_or(0) + 2;
    let across = screen.columns.saturating_sub(left);
    if across < FEWEST_COLUMNS || height < FEWEST_ROWS {
        // Names of axes that are not drawn would only puzzle.
        screen.keep_first_line(scene.title.is_some());
        return;
    }
    let frame = Frame {
        x,
        y,
        left,
        top,
        columns: across,
        rows: height,
    };
    if !scene.bare {
        draw_axes(scene, screen, &frame, &y_ticks);
    }
    draw_items(scene, screen, &frame);
}

/// Where the frame stands on the screen, in cells.
struct Frame {
    x: Range,
    y: Range,
    left: usize,
    top: usize,
    columns: usize,
    rows: usize,
}

impl Frame {
    fn fractions(&self, at: [f64; 2]) -> Place {
        [self.x.fraction(at[0]), self.y.fraction(at[1])]
    }

    /// The dot of a fraction, counted from the left and from the top.
    fn dot(&self, [right, up]: Place) -> [usize; 2] {
        let last = [2 * self.columns - 1, 4 * self.rows - 1];
        [
            (right * last[0] as f64).round() as usize,
            ((1.0 - up) * last[1] as f64).round() as usize,
        ]
    }

    /// Row and column of the cell of a fraction.
    fn cell(&self, fraction: Place) -> (usize, usize) {
        let [right, down] = self.dot(fraction);
        (self.top + down / 4, self.left + right / 2)
    }

    fn cell_of(&self, at: [f64; 2]) -> Option<(usize, usize)> {
        let fractions = self.fractions(at);
        let inside = Area::UNIT.grown(1e-9).holds(fractions);
        inside.then(|| self.cell(Area::UNIT.nearest(fractions)))
    }
}

fn draw_axes(scene: &Scene, screen: &mut Screen, frame: &Frame, y_ticks: &[Tick]) {
    let axis = frame.left - 1;
    let floor = frame.top + frame.rows;
    for row in frame.top..floor {
        screen.set(row, axis, '│', None);
    }
    screen.set(floor, axis, '└', None);
    for column in frame.left..frame.left + frame.columns {
        screen.set(floor, column, '─', None);
    }
    for tick in y_ticks {
        let (row, _) = frame.cell([0.0, frame.y.fraction(tick.value)]);
        let text = tick.text.plain();
        screen.write(row, axis - 1 - width(text), text, None);
        screen.set(row, axis, '┤', None);
    }
    for (tick, start) in fitting_ticks(&scene.x, frame, screen.columns) {
        let (_, column) = frame.cell([frame.x.fraction(tick.value), 0.0]);
        screen.set(floor, column, '┬', None);
        screen.write(floor + 1, start, tick.text.plain(), None);
    }
    if let Some(name) = &scene.x.label {
        screen.write_centred(floor + 2, frame.left, frame.columns, name.plain(), None);
    }
}

/// As many ticks along the bottom as stand apart, with the column each starts.
fn fitting_ticks(axis: &Axis, frame: &Frame, columns: usize) -> Vec<(Tick, usize)> {
    let most = (frame.columns as f64 / 8.0).clamp(2.0, 10.0);
    let (mut placed, apart) = most_apart(most, |most| {
        let placed: Vec<(Tick, usize)> = marks(axis, &frame.x, most)
            .into_iter()
            .map(|tick| {
                let (_, column) = frame.cell([frame.x.fraction(tick.value), 0.0]);
                let width = width(tick.text.plain());
                let latest = columns.saturating_sub(width);
                (tick, column.saturating_sub(width / 2).min(latest))
            })
            .collect();
        let apart = placed
            .windows(2)
            .all(|pair| pair[0].1 + width(pair[0].0.text.plain()) + 1 < pair[1].1);
        (placed, apart)
    });
    if !apart {
        placed.truncate(1);
    }
    placed
}

fn draw_items(scene: &Scene, screen: &mut Screen, frame: &Frame) {
    let shade = |colour: Colour| (colour != Colour::Ink).then(|| scene.theme.rgb(colour));
    for item in &scene.items {
        match item {
            Item::Region(region) if region.is_cell => {
                draw_cell(screen, frame, region, scene.theme);
            }
            Item::Guide(guide) => {
                let ends = match guide.direction {
                    Direction::Vertical => {
                        let at = frame.x.fraction(guide.value);
                        [[at, 0.0], [at, 1.0]]
                    }
                    Direction::Horizontal => {
                        let at = frame.y.fraction(guide.value);
                        [[0.0, at], [1.0, at]]
                    }
                };
                draw_line(screen, frame, &ends, guide.dash, shade(guide.colour));
            }
            Item::Line(line) => {
                for piece in &line.pieces {
                    let piece: Vec<Place> = piece.iter().map(|at| frame.fractions(*at)).collect();
                    let dash = match line.sign {
                        Some(Sign::Below) if !screen.colour => Dash::Dashed,
                        _ => line.dash,
                    };
                    draw_line(screen, frame, &piece, dash, shade(line.colour));
                }
            }
            Item::Point(_) | Item::Label(_) | Item::Region(_) => {}
        }
    }
    for item in &scene.items {
        if let Item::Point(point) = item
            && let Some((row, column)) = frame.cell_of(point.at)
        {
            let mark = match point.sign {
                Some(Sign::Above) if !screen.colour => '+',
                Some(Sign::Below) if !screen.colour => '-',
                _ if point.filled => '●',
                _ => '○',
            };
            screen.set(row, column, mark, shade(point.colour));
        }
    }
    for item in &scene.items {
        if let Item::Label(label) = item {
            draw_label(screen, frame, label, shade(label.colour));
        }
    }
}

/// Fills the characters whose middle lies within a cell, the fuller the further its colour is from the ground. Where a sign could not be told by colours, the
/// characters are those of the sign.
fn draw_cell(screen: &mut Screen, frame: &Frame, region: &Region, theme: Theme) {
    let marks = match region.sign {
        Some(Sign::Above) if !screen.colour => [' ', '+', '+', '╋', '╋'],
        Some(Sign::Below) if !screen.colour => [' ', '-', '-', '━', '━'],
        _ => [' ', '░', '▒', '▓', '█'],
    };
    let rgb = theme.rgb(region.colour);
    let far =
        |a: Rgb, b: Rgb| -> u32 { a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(b))).sum() };
    // As strong as the colours of the series are.
    let full = far(theme.rgb(Colour::Series(0)), theme.background()).max(1);
    let share = f64::from(far(rgb, theme.background())) / f64::from(full);
    let mark = marks[(share * 4.0).round().clamp(0.0, 4.0) as usize];
    let corners = region.borders.iter().flatten();
    let (low, high) = corners.map(|at| frame.fractions(*at)).fold(
        ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]),
        |(low, high), at| {
            let axis = [0, 1];
            (
                axis.map(|axis| low[axis].min(at[axis])),
                axis.map(|axis| high[axis].max(at[axis])),
            )
        },
    );
    // Characters whose middles lie between two fractions.
    let within = |low: f64, high: f64, count: usize| {
        let edge =
            |share: f64| (share.clamp(0.0, 1.0) * count as f64 - 0.5).ceil().max(0.0) as usize;
        edge(low)..edge(high).min(count)
    };
    for row in within(1.0 - high[1], 1.0 - low[1], frame.rows) {
        for column in within(low[0], high[0], frame.columns) {
            screen.set(frame.top + row, frame.left + column, mark, Some(rgb));
        }
    }
}

fn draw_line(screen: &mut Screen, frame: &Frame, line: &[Place], dash: Dash, shade: Option<Rgb>) {
    let shown = |count: usize| match dash {
        Dash::Solid => true,
        Dash::Dashed => count % 5 < 3,
        Dash::Dotted => count.is_multiple_of(3),
    };
    for part in Area::UNIT.clip_polyline(line.iter().copied()) {
        let mut count = 0;
        for pair in part.windows(2) {
            let [from, to] = [pair[0], pair[1]].map(|at| frame.dot(at).map(|dot| dot as f64));
            let run = [to[0] - from[0], to[1] - from[1]];
            let steps = run[0].abs().max(run[1].abs()) as usize;
            for step in 0..=steps {
                let t = step as f64 / steps.max(1) as f64;
                let dot = [0, 1].map(|axis| (from[axis] + t * run[axis]).round() as usize);
                if shown(count + step) {
                    screen.dot(frame, dot, shade);
                }
            }
            count += steps;
        }
    }
}

/// Writes a label in the nearest free cells, a free cell kept on each side.
fn draw_label(screen: &mut Screen, frame: &Frame, label: &Label, shade: Option<Rgb>) {
    let Some((row, column)) = frame.cell_of(label.at) else {
        return;
    };
    let text = match label.sign {
        Some(Sign::Above) if !screen.colour => format!("+ ── {}", label.tex.plain()),
        Some(Sign::Below) if !screen.colour => format!("- ╌╌ {}", label.tex.plain()),
        _ => label.tex.plain().to_owned(),
    };
    let text = text.as_str();
    let width = width(text);
    let own = match label.stance {
        Stance::Free => None,
        Stance::Over => Some(column.saturating_sub(width / 2)),
        Stance::Beginning => Some(column),
        Stance::Ending => Some((column + 1).saturating_sub(width)),
    };
    if let Some(start) = own {
        if label.stance == Stance::Ending && width > column + 1 {
            let most = (column + 1) as f64;
            let cut = label
                .tex
                .shortened(most, |tex| self::width(tex.plain()) as f64);
            screen.write(row, start, cut.plain(), shade);
            return;
        }
        screen.write(row, start, text, shade);
        return;
    }
    let width = width as isize;
    let (row, column) = (row as isize, column as isize);
    let mut best: Option<(isize, usize, usize)> = None;
    for down in [0_isize, -1, 1, -2, 2, -3, 3, -4, 4] {
        for start in column - width - 7..=column + 8 {
            // How far the text is from its place, a row counting as two columns.
            let beside = (start - column).max(column - (start + width - 1)).max(0);
            let cost = beside + 2 * down.abs() + isize::from(start < column);
            if best.is_some_and(|(least, _, _)| cost >= least) || beside + down.abs() < 1 {
                continue;
            }
            if let Some((row, start)) = free_cells(screen, frame, row + down, start, width) {
                best = Some((cost, row, start));
            }
        }
    }
    if let Some((_, row, start)) = best {
        screen.write(row, start, text, shade);
    }
}

/// Row and column where a text of this width fits into empty cells.
fn free_cells(
    screen: &Screen,
    frame: &Frame,
    row: isize,
    start: isize,
    width: isize,
) -> Option<(usize, usize)> {
    let (row, first) = (usize::try_from(row).ok()?, usize::try_from(start).ok()?);
    let end = first.checked_add(usize::try_from(width).ok()?)?;
    let inside = (frame.top..frame.top + frame.rows).contains(&row)
        && first >= frame.left
        && end <= frame.left + frame.columns;
    // One cell more on each side, except where the frame ends.
    let from = first.saturating_sub(1).max(frame.left);
    let to = end.saturating_add(1).min(frame.left + frame.columns);
    let empty = |column| screen.is_empty(row, column);
    (inside && (from..to).all(empty)).then_some((row, first))
}

/// Characters a terminal uses for a text.
fn width(text: &str) -> usize {
    text.chars().map(letter_width).sum()
}

fn letter_width(letter: char) -> usize {
    letter.width().unwrap_or(0)
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
enum Mark {
    #[default]
    Empty,
    /// Braille dots, as the bits Unicode gives them.
    Dots(u8),
    Letter(char),
    /// The second half of a wide letter.
    Covered,
}

#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    mark: Mark,
    shade: Option<Rgb>,
}

struct Screen {
    columns: usize,
    rows: usize,
    /// Whether the terminal shows colours.
    colour: bool,
    cells: Vec<Cell>,
}

impl Screen {
    fn new(columns: usize, rows: usize, colour: bool) -> Self {
        Self {
            columns,
            rows,
            colour,
            cells: vec![Cell::default(); columns * rows],
        }
    }

    /// The cell, where the screen has one: what lies outside is not drawn.
    fn cell(&mut self, row: usize, column: usize) -> Option<&mut Cell> {
        if column >= self.columns {
            return None;
        }
        self.cells.get_mut(row * self.columns + column)
    }

    fn is_empty(&self, row: usize, column: usize) -> bool {
        let cell = self.cells.get(row * self.columns + column);
        column < self.columns && cell.is_some_and(|cell| cell.mark == Mark::Empty)
    }

    fn set(&mut self, row: usize, column: usize, letter: char, shade: Option<Rgb>) {
        if let Some(cell) = self.cell(row, column) {
            *cell = Cell {
                mark: Mark::Letter(letter),
                shade,
            };
        }
    }

    /// Writes a text until the screen ends; half a wide letter is none.
    fn write(&mut self, row: usize, start: usize, text: &str, shade: Option<Rgb>) {
        let mut column = start;
        for letter in text.chars() {
            let wide = letter_width(letter);
            if wide == 0 {
                // A mark without a cell of its own, or a control character.
                continue;
            }
            if column + wide > self.columns {
                return;
            }
            self.set(row, column, letter, shade);
            for covered in column + 1..column + wide {
                if let Some(cell) = self.cell(row, covered) {
                    cell.mark = Mark::Covered;
                }
            }
            column += wide;
        }
    }

    fn write_centred(
        &mut self,
        row: usize,
        left: usize,
        columns: usize,
        text: &str,
        shade: Option<Rgb>,
    ) {
        let start = left + columns.saturating_sub(width(text)) / 2;
        self.write(row, start, text, shade);
    }

    fn dot(&mut self, frame: &Frame, [right, down]: [usize; 2], shade: Option<Rgb>) {
        const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        let bit = BITS[down % 4][right % 2];
        if let Some(cell) = self.cell(frame.top + down / 4, frame.left + right / 2) {
            let dots = match cell.mark {
                Mark::Dots(dots) => dots,
                _ => 0,
            };
            *cell = Cell {
                mark: Mark::Dots(dots | bit),
                shade,
            };
        }
    }

    fn keep_first_line(&mut self, keep: bool) {
        let kept = if keep { self.columns } else { 0 };
        self.cells
            .iter_mut()
            .skip(kept)
            .for_each(|cell| *cell = Cell::default());
    }

    /// The lines without blanks at their ends, without empty lines at the end.
    fn into_text(self) -> String {
        let mut text = String::new();
        for row in self.cells.chunks(self.columns.max(1)) {
            let used = row.iter().rposition(|cell| cell.mark != Mark::Empty);
            let row = &row[..used.map_or(0, |last| last + 1)];
            let mut current = None;
            for (column, cell) in row.iter().enumerate() {
                let mark_at = |column: Option<usize>| Some(row.get(column?)?.mark);
                let letter = match cell.mark {
                    Mark::Empty => ' ',
                    Mark::Dots(dots) => char::from_u32(0x2800 + u32::from(dots)).unwrap_or(' '),
                    // Of a wide letter that is partly written over the other half is a blank.
                    Mark::Letter(letter) => match mark_at(Some(column + 1)) {
                        Some(Mark::Covered) => letter,
                        _ if letter_width(letter) < 2 => letter,
                        _ => ' ',
                    },
                    Mark::Covered => match mark_at(column.checked_sub(1)) {
                        Some(Mark::Letter(letter)) if letter_width(letter) > 1 => continue,
                        _ => ' ',
                    },
                };
                if self.colour && letter != ' ' && cell.shade != current {
                    text += &match cell.shade {
                        Some([red, green, blue]) => format!("\x1b[38;2;{red};{green};{blue}m"),
                        None => "\x1b[0m".to_string(),
                    };
                    current = cell.shade;
                }
                text.push(letter);
            }
            if current.is_some() {
                text += "\x1b[0m";
            }
            text.push('\n');
        }
        let kept = text.trim_end_matches('\n').len();
        text.truncate(kept);
        if kept > 0 {
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_wide_letter_is_a_blank() {
        let written = |column: usize| {
            let mut screen = Screen::new(6, 1, false);
            screen.write(0, 0, "a漢字b", None);
            screen.set(0, column, '*', None);
            screen.into_text()
        };
        assert_eq!(written(0), "*漢字b\n");
        assert_eq!(written(1), "a* 字b\n");
        assert_eq!(written(2), "a *字b\n");
        assert_eq!(written(4), "a漢 *b\n");
    }
}
