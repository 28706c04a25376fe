//! CTAP.
