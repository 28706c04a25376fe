//! Status codes (CTAP §8.2).

use std::fmt;

use crate::cbor;

/// One table for the code space: name, number, meaning.
macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident = $number:literal),+ $(,)?) => {
        /// An authenticator's status (CTAP §8.2). Success is not one of them: it is `Ok`.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum StatusCode {
            $($(#[$doc])* $name,)+
            /// A number that the table does not have.
            Unknown(u8),
        }

        impl StatusCode {
            /// Every status of the table.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The byte on the wire.
            pub const fn byte(self) -> u8 {
                match self { $(Self::$name => $number,)+ Self::Unknown(byte) => byte }
            }

            /// The status of that byte.
            pub const fn from_byte(byte: u8) -> Self {
                match byte { $($number => Self::$name,)+ _ => Self::Unknown(byte) }
            }

            const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ Self::Unknown(_) => "Unknown" }
            }
        }
    };
}

statuses! {
    /// The command is not known.
    InvalidCommand = 0x01,
    /// The command has a parameter that cannot be.
    InvalidParameter = 0x02,
    /// The message or an item of it has the wrong length.
    InvalidLength = 0x03,
    /// A message that goes on with another does not fit it.
    InvalidSeq = 0x04,
    /// A member has the wrong CBOR type.
    CborUnexpectedType = 0x11,
    /// The parameters are not canonical CBOR.
    InvalidCbor = 0x12,
    /// A member that must be there is not.
    MissingParameter = 0x14,
    /// A limit of the authenticator is exceeded.
    LimitExceeded = 0x15,
    /// The large-blob array is larger than the authenticator takes.
    LargeBlobStorageFull = 0x18,
    /// A credential of the exclude list is here.
    CredentialExcluded = 0x19,
    /// The credential is not valid here.
    InvalidCredential = 0x22,
    /// None of the algorithms asked for is known.
    UnsupportedAlgorithm = 0x26,
    /// The user declined.
    OperationDenied = 0x27,
    /// There is no room for another credential.
    KeyStoreFull = 0x28,
    /// An option is not supported.
    UnsupportedOption = 0x2b,
    /// An option cannot be used here.
    InvalidOption = 0x2c,
    /// The client cancelled.
    KeepaliveCancel = 0x2d,
    /// No credential matches.
    NoCredentials = 0x2e,
    /// The user did not act in time.
    UserActionTimeout = 0x2f,
    /// There is nothing to go on with.
    NotAllowed = 0x30,
    /// The PIN is wrong.
    PinInvalid = 0x31,
    /// No tries are left: the PIN is locked.
    PinBlocked = 0x32,
    /// The pinUvAuthParam does not fit.
    PinAuthInvalid = 0x33,
    /// Three wrong tries in a row: a new session of the host is needed.
    PinAuthBlocked = 0x34,
    /// No PIN has been set.
    PinNotSet = 0x35,
    /// User verification is needed.
    PuatRequired = 0x36,
    /// The new PIN breaks a rule, as a rule it is too short.
    PinPolicyViolation = 0x37,
    /// The message is larger than the authenticator takes.
    RequestTooLarge = 0x39,
    /// The user did not act in time.
    ActionTimeout = 0x3a,
    /// No user was there.
    UpRequired = 0x3b,
    /// Built-in user verification is blocked: the PIN is needed.
    UvBlocked = 0x3c,
    /// A checksum does not fit.
    IntegrityFailure = 0x3d,
    /// The sub-command is not known.
    InvalidSubcommand = 0x3e,
    /// Built-in user verification did not succeed.
    UvInvalid = 0x3f,
    /// The permissions are not among those that can be given.
    UnauthorizedPermission = 0x40,
    /// Anything else.
    Other = 0x7f,
}

impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CTAP status {} ({:#04x})", self.name(), self.byte())
    }
}

impl std::error::Error for StatusCode {}

impl From<cbor::Error> for StatusCode {
    fn from(error: cbor::Error) -> Self {
        match error {
            cbor::Error::NotCanonical(_) => Self::InvalidCbor,
            cbor::Error::Missing(_) => Self::MissingParameter,
            cbor::Error::WrongType(_) => Self::CborUnexpectedType,
            cbor::Error::OutOfRange(_) => Self::InvalidParameter,
        }
    }
}
