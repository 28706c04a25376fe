//! native-host
