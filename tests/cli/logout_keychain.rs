//! `daypass logout`, where sessions are in a keychain.

use crate::support::{PassStandIn, assert_report};

const IN_KEYCHAIN: &str = "daypass_session_store = keychain\n";

#[test]
fn a_profile_with_a_mistake_in_it_is_logged_out_of_the_keychain_too() {
    let pass = PassStandIn::new();
    for arguments in [["logout", "work"], ["logout", "--all"]] {
        let config = pass.profile_section("work") + IN_KEYCHAIN;
        pass.home.write_config(&config);
        pass.log_in("work");
        pass.home
            .write_config(&(config + "duration_seconds = abc\nregion = Not A Region\n"));
        let run = pass.daypass(arguments).run();
        assert_eq!(run.exit, 0, "{}", run.report());
        assert!(run.stdout.contains("forgotten"), "{}", run.report());
        assert_eq!(pass.entries("session:"), [""; 0]);
    }
}

#[test]
fn what_the_flag_alone_put_there_is_found_without_the_flag() {
    let pass = PassStandIn::new();
    for arguments in [["logout", "work"], ["logout", "--all"]] {
        pass.log_in("work");
        assert_eq!(pass.entries("session:").len(), 1);
        let run = pass.daypass(arguments).run();
        assert!(run.stdout.contains("forgotten"), "{}", run.report());
        assert_eq!(pass.entries("session:"), [""; 0]);
    }
    let run = pass.daypass(["logout", "work"]).run();
    assert_eq!(run.stdout, "work: there was no session\n");
}

#[test]
fn the_session_of_an_earlier_key_is_forgotten() {
    let pass = PassStandIn::new();
    pass.log_in("work");
    let config = pass.profile_section("work");
    let id = &pass.home.user.access_key_id;
    pass.home
        .write_config(&config.replace(id.as_str(), "AKIAEXAMPLEEXAMPLE22"));
    let run = pass.daypass(["logout", "work"]).run();
    assert_eq!(run.stdout, "work: session forgotten\n", "{}", run.report());
    assert_eq!(pass.entries("session:"), [""; 0]);
}

#[test]
fn a_keychain_that_nobody_could_look_into_is_named() {
    let pass = PassStandIn::new();
    pass.log_in("work");
    let config = pass.profile_section("work");
    pass.home.write_config(&config.replace("= pass", "= passs"));
    assert_report!(pass.daypass(["logout", "work"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: profile 'work' may still have a session in a keychain that was not looked into
      caused by: daypass_keychain cannot be 'passs' (~/.aws/config, line 6)
      hint: daypass_keychain is one of: system or pass
    ");
    assert_report!(pass.daypass(["logout", "--all"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: profile 'work' may still have a session in a keychain that was not looked into
      caused by: daypass_keychain cannot be 'passs' (~/.aws/config, line 6)
      hint: daypass_keychain is one of: system or pass
    ");
    assert_eq!(pass.entries("session:").len(), 1);
}

#[test]
fn all_goes_on_past_an_entry_that_cannot_be_removed() {
    let pass = PassStandIn::new();
    let names = ["ada", "bob"];
    let config: String = names
        .iter()
        .map(|name| pass.profile_section(name) + IN_KEYCHAIN)
        .collect();
    pass.home.write_config(&config);
    names.iter().for_each(|name| pass.log_in(name));
    let id = &pass.home.user.access_key_id;
    pass.refuse("rm", &format!("session:{id}:ada-mfa"));
    assert_report!(pass.daypass(["logout", "--all"]).run().report(), @"
    exit 1
    --- stdout
    forgotten: bob-mfa
    --- stderr
    daypass: error: profile 'ada' may still have a session in pass
      caused by: pass rm failed for the entry 'daypass/session:[KEY]:ada-mfa'
      hint: try it in a terminal: pass rm daypass/session:[KEY]:ada-mfa
    ");
    assert_eq!(pass.entries("session:"), [format!("session:{id}:ada-mfa")]);
    // A keychain that fails as a whole is asked once.
    std::fs::remove_file(pass.home.path(".password-store/.gpg-id")).expect(".gpg-id");
    assert_report!(pass.daypass(["logout", "--all"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: profiles 'ada', 'bob' may still have a session in pass
      caused by: pass has no password store in ~/.password-store
      hint: make one for your GPG key: pass init KEY (gpg --list-secret-keys shows them)
    ");
}

#[test]
fn a_login_into_the_keychain_takes_the_older_session_out_of_the_file() {
    let pass = PassStandIn::new();
    let others = "[work-mfa]\n# mine\nregion = eu-central-1\n";
    pass.home.write_credentials(others);
    let code = pass.home.code();
    let run = pass.daypass(["login", "work", "--code", &code]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert!(pass.home.credentials().contains("aws_session_token"));
    let code = pass.home.code();
    let keychain = ["login", "work", "--force", "--session-store=keychain"];
    let arguments = keychain.into_iter().chain(["--code", &code]);
    let run = pass.daypass(arguments).run();
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{}", run.report());
    assert_eq!(pass.home.credentials(), others);
}

#[test]
fn a_login_into_the_keychain_leaves_what_daypass_did_not_write() {
    let pass = PassStandIn::new();
    let foreign = "[work-mfa]\naws_access_key_id = ASIAEXAMPLEEXAMPLE12\naws_session_token = y\n";
    pass.home.write_credentials(foreign);
    pass.log_in("work");
    assert_eq!(pass.home.credentials(), foreign);
}

#[test]
fn all_minds_no_mistake_of_a_profile_that_uses_no_keychain() {
    let pass = PassStandIn::new();
    let broken =
        "[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = gone\n";
    let config = pass.profile_section("work") + broken;
    pass.home.write_config(&config);
    let run = pass.daypass(["logout", "--all"]).run();
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{}", run.report());
    pass.home
        .write_config(&(config + "daypass_keychain = pass\n"));
    assert_report!(pass.daypass(["logout", "--all"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: profile 'prod' may still have a session in a keychain that was not looked into
      caused by: profile 'prod' names the source_profile 'gone', which does not exist (~/.aws/config, line 9)
      hint: correct the name, or add a section for it
    ");
}
