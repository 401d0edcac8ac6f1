#![no_main]

daypass_fuzz::target!("words");
