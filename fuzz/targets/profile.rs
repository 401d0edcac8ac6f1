#![no_main]

daypass_fuzz::target!("profile");
