//! `docs/migration.md`: the block that is no terminal.

use std::fs;

use crate::{integrations::place::Place, support::Pty};

pub fn aws_vault(block: &str) {
    let Some(place) = Place::new().with_aws() else {
        return;
    };
    let home = &place.home;
    fs::remove_file(home.path(".aws/credentials")).expect("no credentials");
    home.write_config(&format!(
        "[profile work]\nregion = eu-west-1\nmfa_serial = {}\n",
        home.device.serial
    ));
    place.stand_in(
        "aws-vault",
        &format!(
            "[ \"$1 $2 $3 $4\" = 'exec --no-session work --' ]; shift 4\n\
             export AWS_VAULT=work AWS_ACCESS_KEY_ID={} AWS_SECRET_ACCESS_KEY={}\nexec \"$@\"\n",
            home.user.access_key_id, home.user.secret_access_key
        ),
    );
    let mut terminal = Pty::start(&place.shell("sh", block));
    terminal.expect("Apply this? [Y/n]");
    terminal.send("\r");
    terminal.expect("MFA code, to log in now");
    terminal.send(&format!("{}\r", home.code()));
    terminal.expect("you are logged in until");
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{run:?}");
    let key = home.credential("work-long-term", "aws_access_key_id");
    assert_eq!(key.as_ref(), Some(&home.user.access_key_id));
    place.assert_ada(
        &place
            .shell("sh", "aws sts get-caller-identity --profile work")
            .run(),
    );
}
