mod codes;
mod derivation;
mod padding;
mod seal;
mod signatures;
mod words;
mod wrap;
