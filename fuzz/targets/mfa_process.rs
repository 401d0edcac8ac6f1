#![no_main]

daypass_fuzz::target!("mfa_process");
