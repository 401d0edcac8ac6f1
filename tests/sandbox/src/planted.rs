//! The markers by which the sandbox's secrets are known wherever they show up.
//!
//! Each is a word that no text, no other identifier and no encoding of one holds by chance, made of
//! characters that neither URLs nor JSON nor XML escape.

/// Is in the secret of every long-term key, at both ends.
pub const LONG_TERM_SECRET: &str = "pLaNtEdKeY";

/// Is in the secret of every session, at both ends.
pub const SESSION_SECRET: &str = "pLaNtEdSeSsIoN";

/// Is in every session token, several times.
pub const SESSION_TOKEN: &str = "pLaNtEdToKeN";

/// Is in every token that signs a browser in to the console, several times.
pub const SIGNIN_TOKEN: &str = "pLaNtEdSiGnIn";

/// Is in the seed of every device, at both ends. (Base32 has capital letters only.)
pub const SEED: &str = "PLANTEDSEED";

/// The same in base64, in which the API answers with a new device's seed: what its first nine bytes
/// become.
pub const SEED_IN_BASE64: &str = "UExBTlRFRFNF";

/// All of them.
pub const ALL: [&str; 6] = [
    LONG_TERM_SECRET,
    SESSION_SECRET,
    SESSION_TOKEN,
    SIGNIN_TOKEN,
    SEED,
    SEED_IN_BASE64,
];
