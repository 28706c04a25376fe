//! Passkeys that follow the user. See SYNC in docs.
