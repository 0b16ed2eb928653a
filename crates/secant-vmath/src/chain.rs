//! Several steps of arithmetic in one pass: what stands between them stays in registers.

use crate::Operand;
use crate::dispatch::{Loop, Real, with_best};
use crate::number::Number;

/// A step of a [`chain`]: what is done with the value so far, `v` below, and operands of the kind `X`. One further value, `h`, can
/// be held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Link<X> {
    /// `v + x`.
    Add(X),
    /// `v - x`.
    Sub(X),
    /// `x - v`.
    SubFrom(X),
    /// `v x`.
    Mul(X),
    /// `v / x`.
    Div(X),
    /// `x / v`.
    DivInto(X),
    /// `v + x y`, the product rounded by itself.
    AddProduct(X, X),
    /// `v - x y`, the product rounded by itself.
    SubProduct(X, X),
    /// `x y - v`, the product rounded by itself.
    SubFromProduct(X, X),
    /// `-v`.
    Neg,
    /// `v²`.
    Square,
    /// `|v|`.
    Abs,
    /// The square root of v.
    Sqrt,
    /// Holds v and goes on with x.
    Hold(X),
    /// `h + v`.
    AddHeld,
    /// `h - v`.
    HeldSub,
    /// `v - h`.
    SubHeld,
    /// `h v`.
    MulHeld,
    /// `h / v`.
    HeldDiv,
    /// `v / h`.
    DivHeld,
}

/// Begins with `first` and takes each link in turn, for every element of the output. The bits are those of the steps taken one by one.
///
/// ```
/// use secant_vmath::{Link, Operand, chain};
///
/// let (x, y) = ([1.0, 2.0], [10.0, 20.0]);
/// let links = [Link::Square, Link::Add(Operand::Scalar(1.0)), Link::DivInto(Operand::Slice(&y))];
/// let mut out = [0.0; 2];
/// chain(&x, &links, &mut out); // y/(x² + 1)
/// assert_eq!(out, [5.0, 4.0]);
/// ```
///
/// # Panics
/// If a slice has not the length of the output.
pub fn chain<'a, R: Real>(
    first: impl Into<Operand<'a, R>>,
    links: &[Link<Operand<'a, R>>],
    out: &mut [R],
) {
    let first = first.into();
    first.assert_length(out.len());
    for link in links {
        link.map(|operand| operand.assert_length(out.len()));
    }
    with_best(Chain { first, links, out });
}

impl<X> Link<X> {
    /// The same with other operands.
    #[inline(always)]
    pub fn map<Y>(self, mut operand: impl FnMut(X) -> Y) -> Link<Y> {
        match self {
            Self::Add(x) => Link::Add(operand(x)),
            Self::Sub(x) => Link::Sub(operand(x)),
            Self::SubFrom(x) => Link::SubFrom(operand(x)),
            Self::Mul(x) => Link::Mul(operand(x)),
            Self::Div(x) => Link::Div(operand(x)),
            Self::DivInto(x) => Link::DivInto(operand(x)),
            Self::AddProduct(x, y) => Link::AddProduct(operand(x), operand(y)),
            Self::SubProduct(x, y) => Link::SubProduct(operand(x), operand(y)),
            Self::SubFromProduct(x, y) => Link::SubFromProduct(operand(x), operand(y)),
            Self::Neg => Link::Neg,
            Self::Square => Link::Square,
            Self::Abs => Link::Abs,
            Self::Sqrt => Link::Sqrt,
            Self::Hold(x) => Link::Hold(operand(x)),
            Self::AddHeld => Link::AddHeld,
            Self::HeldSub => Link::HeldSub,
            Self::SubHeld => Link::SubHeld,
            Self::MulHeld => Link::MulHeld,
            Self::HeldDiv => Link::HeldDiv,
            Self::DivHeld => Link::DivHeld,
        }
    }
}

impl<R> Operand<'_, R> {
    fn assert_length(&self, length: usize) {
        if let Operand::Slice(slice) = self {
            assert_eq!(slice.len(), length, "slices of one length");
        }
    }
}

struct Chain<'a, 'o, R> {
    first: Operand<'a, R>,
    links: &'o [Link<Operand<'a, R>>],
    out: &'o mut [R],
}

impl<R: Number> Loop for Chain<'_, '_, R> {
    #[inline(always)]
    fn run<const LANES: usize>(self) {
        let Self { first, links, out } = self;
        let (groups, rest) = out.as_chunks_mut::<LANES>();
        let mut start = 0;
        for group in groups {
            pass(first, links, start, group);
            start += LANES;
        }
        for single in rest.as_chunks_mut::<1>().0 {
            pass(first, links, start, single);
            start += 1;
        }
    }
}

/// All links over `W` elements from `start` on; few enough that they stay in registers.
#[inline(always)]
fn pass<R: Number, const W: usize>(
    first: Operand<'_, R>,
    links: &[Link<Operand<'_, R>>],
    start: usize,
    out: &mut [R; W],
) {
    let before = &*out;
    let mut value: [R; W] = elements(first, start, before);
    let mut held = [R::ZERO; W];
    for link in links {
        value = match *link {
            Link::Add(x) => with(value, x, start, before, |v, x| v + x),
            Link::Sub(x) => with(value, x, start, before, |v, x| v - x),
            Link::SubFrom(x) => with(value, x, start, before, |v, x| x - v),
            Link::Mul(x) => with(value, x, start, before, |v, x| v * x),
            Link::Div(x) => with(value, x, start, before, |v, x| v / x),
            Link::DivInto(x) => with(value, x, start, before, |v, x| x / v),
            Link::AddProduct(x, y) => {
                let product = product(x, y, start, before);
                both(value, &product, |v, p| v + p)
            }
            Link::SubProduct(x, y) => {
                let product = product(x, y, start, before);
                both(value, &product, |v, p| v - p)
            }
            Link::SubFromProduct(x, y) => {
                let product = product(x, y, start, before);
                both(value, &product, |v, p| p - v)
            }
            Link::Neg => value.map(|v| -v),
            Link::Square => value.map(|v| v * v),
            Link::Abs => value.map(R::absolute),
            Link::Sqrt => value.map(R::root),
            Link::Hold(x) => {
                held = value;
                elements(x, start, before)
            }
            Link::AddHeld => both(value, &held, |v, h| h + v),
            Link::HeldSub => both(value, &held, |v, h| h - v),
            Link::SubHeld => both(value, &held, |v, h| v - h),
            Link::MulHeld => both(value, &held, |v, h| h * v),
            Link::HeldDiv => both(value, &held, |v, h| h / v),
            Link::DivHeld => both(value, &held, |v, h| v / h),
        };
    }
    *out = value;
}

#[inline(always)]
fn elements<R: Number, const W: usize>(x: Operand<'_, R>, start: usize, before: &[R; W]) -> [R; W] {
    match x {
        Operand::Slice(slice) => part(slice, start).copied().unwrap_or(*before),
        Operand::Scalar(number) => [number; W],
        Operand::InPlace => *before,
    }
}

/// `W` elements of a slice. They are there, since its length has been asserted.
#[inline(always)]
fn part<R, const W: usize>(slice: &[R], start: usize) -> Option<&[R; W]> {
    slice.get(start..).and_then(|rest| rest.first_chunk::<W>())
}

/// The values with `W` elements of an operand.
#[inline(always)]
fn with<R: Number, const W: usize>(
    value: [R; W],
    x: Operand<'_, R>,
    start: usize,
    before: &[R; W],
    f: impl Fn(R, R) -> R,
) -> [R; W] {
    match x {
        Operand::Slice(slice) => {
            if let Some(part) = part(slice, start) {
                both(value, part, f)
            } else {
                value
            }
        }
        Operand::Scalar(number) => value.map(|v| f(v, number)),
        Operand::InPlace => both(value, before, f),
    }
}

#[inline(always)]
fn product<R: Number, const W: usize>(
    x: Operand<'_, R>,
    y: Operand<'_, R>,
    start: usize,
    before: &[R; W],
) -> [R; W] {
    with(elements(x, start, before), y, start, before, |x, y| x * y)
}

#[inline(always)]
fn both<R: Number, const W: usize>(mut value: [R; W], x: &[R; W], f: impl Fn(R, R) -> R) -> [R; W] {
    for lane in 0..W {
        value[lane] = f(value[lane], x[lane]);
    }
    value
}
