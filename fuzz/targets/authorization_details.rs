#![no_main]

daypass_fuzz::target!("authorization_details");
