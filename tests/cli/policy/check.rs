//! What policies enforce.
