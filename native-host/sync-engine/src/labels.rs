//! Every constant that tells one use of a key from another: none is the beginning of another, so no seal, signature or key can be taken for
//! one made for something else. Each holds the format's number (SYNC §19.3).

/// The first four bytes of a head object.
pub(crate) const HEAD_MAGIC: &[u8; 4] = b"PKH1";
/// The first four bytes of a pack object.
pub(crate) const PACK_MAGIC: &[u8; 4] = b"PKP1";
/// The first four bytes of an ask.
pub(crate) const ASK_MAGIC: &[u8; 4] = b"PKA1";
/// The first four bytes of a yes.
pub(crate) const YES_MAGIC: &[u8; 4] = b"PKY1";

/// Associated data of a head's seal; then vault, path of the object.
pub(crate) const HEAD_SEAL: &[u8] = b"head/v1";
/// Associated data of a pack's seal; then vault, author.
pub(crate) const PACK_SEAL: &[u8] = b"pack/v1";
/// Associated data of a circle's seal; then vault.
pub(crate) const CIRCLE_SEAL: &[u8] = b"circle/v1";
/// Associated data of an ask's seal; then slot.
pub(crate) const ASK_SEAL: &[u8] = b"ask/v1";
/// Associated data of a yes' seal; then slot.
pub(crate) const YES_SEAL: &[u8] = b"yes/v1";

/// HPKE's info of a circle secret's wrap (RFC 9180 §5.1); then vault, device.
pub(crate) const WRAP_INFO: &[u8] = b"wrap/v1";

/// Before what is signed of a head object: its path, and all its bytes up to the signature.
pub(crate) const HEAD_SIGNATURE: &[u8] = b"head/v1";
/// Before what is signed of a sentence by its author.
pub(crate) const SENTENCE_SIGNATURE: &[u8] = b"sentence/v1";
/// Before the same, signed by a paper key that the sentence brings in.
pub(crate) const COUNTERSIGNATURE: &[u8] = b"countersignature/v1";

/// SHA-256: the salt of a device that joins; then slot.
pub(crate) const JOINED_SALT: &[u8] = b"keystow sync 1: joined through ";

/// HKDF: a device's seed, from the root that the keychain holds; the salt is in the state.
pub(crate) const DEVICE_SEED: &[u8] = b"keystow sync 1: device seed";
/// HKDF: the seed of a recovery key's identity, from its words' 32 bytes.
pub(crate) const PAPER_SEED: &[u8] = b"keystow sync 1: paper seed";
/// HKDF: the Ed25519 secret key, from a seed.
pub(crate) const SIGNING_KEY: &[u8] = b"keystow sync 1: sign";
/// HKDF: the X-Wing secret key, from a seed.
pub(crate) const KEM_KEY: &[u8] = b"keystow sync 1: kem";
/// HKDF: what a mailbox's slot is a hash of, from a join code.
pub(crate) const MAILBOX_SLOT: &[u8] = b"keystow sync 1: mailbox slot";
/// HKDF: the key of an ask, from a join code.
pub(crate) const MAILBOX_ASK: &[u8] = b"keystow sync 1: mailbox ask";
/// HKDF: the key of a yes, from a join code.
pub(crate) const MAILBOX_YES: &[u8] = b"keystow sync 1: mailbox yes";
