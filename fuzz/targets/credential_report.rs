#![no_main]

daypass_fuzz::target!("credential_report");
