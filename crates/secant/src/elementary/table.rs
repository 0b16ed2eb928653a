//! Makes the table out of its list in `mod.rs`: one line there is one function, the file it stands in, its
//! name, and the name of its method with those of the further arguments.

/// Makes the table out of its list: one line is one function. A generic function could not do this, since
/// each line names a type, and the compiler must see all of them to hold every match complete.
macro_rules! table {
    ($($family:ident::$entry:ident $method:ident ($($other:ident),*);)*) => {
        $(pub use $family::$entry;)*

        /// A function of the table, by name.
        ///
        /// ```
        /// use secant::Operation;
        /// assert_eq!(Operation::named("arctan"), Some(Operation::Atan));
        /// assert_eq!(Operation::Exp.value(&[0.0]), 1.0);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Operation {
            $(#[doc = concat!("The entry [`", stringify!($entry), "`](crate::elementary::", stringify!($entry), ").")] $entry,)*
        }

        impl Operation {
            /// The whole table.
            pub const ALL: &'static [Self] = &[$(Self::$entry,)*];

            /// The name in formulas.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$entry => $entry::NAME,)* }
            }

            /// Other names that are read as this one.
            #[must_use]
            pub fn aliases(self) -> &'static [&'static str] {
                match self { $(Self::$entry => $entry::ALIASES,)* }
            }

            /// The name in LaTeX.
            #[must_use]
            pub fn latex(self) -> &'static str {
                match self { $(Self::$entry => $entry::LATEX,)* }
            }

            /// For which arguments it is defined, in words; empty for all.
            #[must_use]
            pub fn domain(self) -> &'static str {
                match self { $(Self::$entry => $entry::DOMAIN,)* }
            }

            /// What it is, in one line.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self { $(Self::$entry => $entry::SUMMARY,)* }
            }

            /// How many arguments it takes.
            #[must_use]
            pub fn arity(self) -> usize {
                match self { $(Self::$entry => 1 $(+ { let _ = stringify!($other); 1 })*,)* }
            }

            /// The largest error of [`value`](Self::value), in units of the last place.
            #[must_use]
            pub fn ulps(self) -> f64 {
                match self { $(Self::$entry => $entry::ULPS,)* }
            }

            /// Arguments that show it.
            #[must_use]
            pub fn samples(self) -> &'static [&'static [f64]] {
                match self { $(Self::$entry => $entry::SAMPLES,)* }
            }

            /// The value; NaN outside the domain.
            ///
            /// # Panics
            /// Where there are fewer arguments than [`arity`](Self::arity) says.
            #[must_use]
            pub fn value(self, x: &[f64]) -> f64 {
                match self { $(Self::$entry => $entry::value(x),)* }
            }

            /// An interval that holds all values over the given arguments.
            ///
            /// # Panics
            /// Where there are fewer arguments than [`arity`](Self::arity) says.
            #[must_use]
            pub fn enclose(self, x: &[Interval]) -> Interval {
                match self { $(Self::$entry => $entry::enclose(x),)* }
            }

            /// The value with any kind of number.
            ///
            /// # Panics
            /// Where there are fewer arguments than [`arity`](Self::arity) says.
            pub fn apply<S: Scalar>(self, x: &[S]) -> S {
                match self { $(Self::$entry => S::apply::<$entry>(x),)* }
            }

            /// A derivative of this function at `x`, or what the number says of a kink there.
            ///
            /// # Panics
            /// Where there are fewer arguments than [`arity`](Self::arity) says.
            pub fn where_smooth<S: Scalar>(self, x: &[S], moving: [bool; 3], derivative: S) -> S {
                match self { $(Self::$entry => S::where_smooth::<$entry>(x, moving, derivative),)* }
            }

            /// The partial derivatives at `x`, where the value is `y`.
            ///
            /// # Panics
            /// Where there are fewer arguments than [`arity`](Self::arity) says.
            pub fn partials<S: Scalar>(self, x: &[S], y: &S) -> Partials<S> {
                match self { $(Self::$entry => $entry::partials(x, y),)* }
            }

            /// Whether it is proven to have derivatives of every order all over these arguments.
            ///
            /// # Panics
            /// Where there are fewer arguments than [`arity`](Self::arity) says.
            #[must_use]
            pub fn is_smooth(self, x: &[Interval]) -> bool {
                match self { $(Self::$entry => $entry::is_smooth(x),)* }
            }

            /// The same, when only the marked arguments move.
            ///
            /// # Panics
            /// Where there are fewer arguments than [`arity`](Self::arity) says.
            #[must_use]
            pub fn is_smooth_along(self, x: &[Interval], moving: [bool; 3]) -> bool {
                match self { $(Self::$entry => $entry::is_smooth_along(x, moving),)* }
            }

            /// What it is on one side of a point where it is not smooth.
            ///
            /// # Panics
            /// Where there are fewer arguments than [`arity`](Self::arity) says.
            #[must_use]
            pub fn one_sided(self, x: &[Series]) -> Option<Series> {
                match self { $(Self::$entry => $entry::one_sided(x),)* }
            }

            /// The function with this name or alias.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|operation| operation.name() == name || operation.aliases().contains(&name))
            }
        }

        /// The functions of the table as methods, for every [`Scalar`].
        ///
        /// ```
        /// use secant::{Functions, Scalar};
        /// fn bell<S: Scalar>(x: S) -> S {
        ///     (-(x.clone() * x)).exp()
        /// }
        /// assert_eq!(bell(0.0), 1.0);
        /// ```
        pub trait Functions: Scalar {
            $(
                #[doc = concat!("The function [`", stringify!($entry), "`](crate::elementary::", stringify!($entry), ") of the table.")]
                #[must_use]
                fn $method(&self, $($other: &Self),*) -> Self {
                    Self::apply::<$entry>(&[self, $($other),*].map(Self::clone))
                }
            )*
        }

        impl<S: Scalar> Functions for S {}
    };
}
pub(super) use table;
