#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| daypass_fuzz::check("credential_report", bytes));
