//! What makes no sense as a storage, with what to do.

use std::fmt;

/// Why a description is not one of a storage.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BadStorage {
    /// There is no address, or it cannot be read.
    NoAddress,
    /// An address of something else than a web server.
    Scheme,
    /// User or password are part of the address.
    UserInAddress,
    /// The address has a question or a fragment in it: one of a page, not of a folder.
    NotAFolder,
    /// Plain http to another machine.
    Unprotected,
    /// A user with a colon or control characters.
    User,
    /// No folder.
    NoFolder,
    /// A folder that does not begin at `/`, `~/` or a drive.
    RelativeFolder,
    /// `..` or control characters in a path.
    Path,
    /// A bucket's name that is none.
    Bucket,
    /// Control characters in the region.
    Region,
    /// No access key ID.
    AccessKey,
    /// Not `user@host` or `user@host:port`.
    Host,
}

impl fmt::Display for BadStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAddress => "This is no web address. Give the whole address of the folder, as in https://cloud.example.org/dav/Keystow.",
            Self::Scheme => "Only addresses that begin with https:// are for this kind of storage.",
            Self::UserInAddress => "Give user and password in their own fields, not in the address.",
            Self::NotAFolder => "This is the address of a page, with ? or # in it. Give the address of the folder itself; your storage's settings show it.",
            Self::Unprotected => "Without https, anyone on the way could read the password. Give an address that begins with https://.",
            Self::User => "A user name cannot have a colon in it.",
            Self::NoFolder => "Give the folder, as in ~/Sync/Keystow.",
            Self::RelativeFolder => "Give the folder's whole path, as in ~/Sync/Keystow.",
            Self::Path => "Give the folder's path without \"..\" in it.",
            Self::Bucket => "Give the bucket's name: 3 or more letters, digits, dots and hyphens.",
            Self::Region => "Give the region as your provider calls it, or leave it empty.",
            Self::AccessKey => "Give the access key ID that belongs to the secret access key.",
            Self::Host => "Give the server as user@host or user@host:port.",
        })
    }
}

impl std::error::Error for BadStorage {}
