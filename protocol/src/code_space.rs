//! Code spaces: names and numbers that a specification assigns.

/// An enumeration of one code space. Each name stands once beside its number; both directions are derived from that.
macro_rules! code_space {
    (
        $(#[$doc:meta])*
        $space:ident: $number:ty { $($(#[$name_doc:meta])* $name:ident = $value:literal),+ $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum $space { $($(#[$name_doc])* $name),+ }

        impl $space {
            /// Every entry of the table.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The number that is assigned to it.
            pub const fn number(self) -> $number {
                match self { $(Self::$name => $value),+ }
            }

            /// What the number is assigned to, if the table has it.
            pub const fn from_number(number: $number) -> Option<Self> {
                match number { $($value => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

pub(crate) use code_space;
