#![no_main]

daypass_fuzz::target!("cached_session");
