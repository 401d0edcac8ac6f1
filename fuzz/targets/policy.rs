#![no_main]

daypass_fuzz::target!("policy");
