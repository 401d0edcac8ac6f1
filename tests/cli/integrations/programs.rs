//! Editors, containers, clusters, databases, jobs and other machines.

use std::fs;

use super::place::{ADA, PROMPT, Place, output};
use crate::{
    aws_tools::moto::{self, Moto},
    support::{DAYPASS, Pty, is_there, set_mode},
};

const WHO_AM_I: &str = "aws sts get-caller-identity --profile work";

/// A home with a session and the AWS CLI.
fn ready() -> Option<Place> {
    Place::logged_in().with_aws()
}

/// An editor that was started from the desktop: another `PATH`, no terminal.
pub fn full_path(block: &str) {
    let Some(place) = Place::new().with_aws() else {
        return;
    };
    let config = block
        .replace("/home/ada/.local/bin/daypass", DAYPASS)
        .replace(
            "arn:aws:iam::123456789012:mfa/ada",
            &place.home.device.serial,
        );
    assert_ne!(config, block);
    place.home.write_config(&config);
    let script = format!("aws=$(command -v aws); PATH=/nonexistent; exec \"$aws\" {WHO_AM_I}");
    let script = script.replace(" aws sts", " sts");
    let run = place.shell("sh", &script).run();
    assert_eq!(run.exit, 255, "{}", run.report());
    assert!(
        run.stderr.contains("run: daypass login work"),
        "{}",
        run.report()
    );
    place.home.log_in();
    place.assert_ada(&place.shell("sh", &script).run());
}

/// The stand-in for docker: `env-file` gets the variables as docker reads them, and the AWS CLI runs
/// with those alone and what is mounted on `/root/.aws`. daypass is not in the image.
const DOCKER: &str = r#"
[ "$1" = run ]
shift
: >env-file
mkdir -p container
while :; do
    case $1 in
    --rm) shift ;;
    --env-file) cat "$2" >>env-file; shift 2 ;;
    --env) printf '%s\n' "$2" >>env-file; shift 2 ;;
    --volume)
        cp -R "${2%:/root/.aws:ro}" container/.aws
        sed -i 's,^credential_process = ,&/not-in-the-image,' container/.aws/config
        shift 2
        ;;
    *) break ;;
    esac
done
[ "$1" = amazon/aws-cli ]
shift
aws=$(command -v aws)
set -- "HOME=$PWD/container" "AWS_ENDPOINT_URL=$AWS_ENDPOINT_URL" "NO_PROXY=127.0.0.1" "$aws" "$@"
while IFS= read -r line; do
    set -- "$line" "$@"
done <env-file
exec env -i PATH=/nonexistent "$@"
"#;

pub fn docker_variables(block: &str) {
    let Some(place) = ready() else { return };
    place.stand_in("docker", DOCKER);
    place.home.allow_secrets_in("env-file");
    place.assert_ada(&place.shell("bash", block).run());

    let file = place.read("env-file");
    assert_eq!(file.lines().count(), 6);
    for line in file.lines() {
        // docker: a name without white space, and everything behind the sign, quotes included. Newer
        // ones take a pair of quotes off.
        let (name, value) = line.split_once('=').expect("NAME=value");
        assert!(
            name.bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
        );
        assert!(!value.starts_with(['"', '\'', ' ']) && !value.is_empty());
    }
    let key = format!("AWS_ACCESS_KEY_ID={}\n", place.session_key());
    assert!(file.contains(&key));
}

pub fn docker_mount(block: &str) {
    let Some(place) = ready() else { return };
    place.stand_in("docker", DOCKER);
    place.home.allow_secrets_in("container/.aws/credentials");
    place.home.allow_secrets_in("mounted");
    place.assert_ada(&place.shell("sh", block).run());

    // What the page says of a mounted file: the name moves on to another one.
    let mounted = place.home.path("mounted");
    fs::hard_link(place.home.path(".aws/credentials"), &mounted).expect("a link");
    let before = place.session_key();
    let code = place.home.code();
    let login = ["login", "work", "--force", "--code", &code];
    output(&place.home.daypass(login).run());
    assert_ne!(place.session_key(), before);
    assert!(
        fs::read_to_string(&mounted)
            .expect("a file")
            .contains(&before)
    );
}

pub fn kubeconfig(block: &str) {
    let Some(place) = ready() else { return };
    let moto = Moto::serve(&place.program("moto_server", moto::ARGUMENTS.split(' ')));
    let create = "aws eks create-cluster --profile work --name my-cluster \
                  --role-arn arn:aws:iam::123456789012:role/eks \
                  --resources-vpc-config subnetIds=subnet-1 >/dev/null\n";
    let script = create.to_owned() + block;
    let run = place
        .shell("sh", &script)
        .env("AWS_ENDPOINT_URL", &moto.url)
        .run();
    output(&run);
    let kubeconfig = place.read(".kube/config");
    assert!(kubeconfig.contains("- get-token\n"), "{kubeconfig}");
    assert!(
        kubeconfig.contains("env:\n      - name: AWS_PROFILE\n        value: work\n"),
        "{kubeconfig}"
    );
}

pub fn eks_token(block: &str) {
    let Some(place) = ready() else { return };
    let run = place.shell("sh", block).handing_on_the_session().run();
    output(&run);
    let token = run.json()["status"]["token"].clone();
    let token = token.as_str().expect("a token");
    let url = token.strip_prefix("k8s-aws-v1.").expect("EKS's prefix");
    let decode = "import base64, sys; print(base64.urlsafe_b64decode(sys.argv[1] + '==').decode())";
    let run = place.program("python", ["-c", decode, url]);
    let run = run.handing_on_the_session().run();
    assert_presigned(&place, output(&run));
}

/// Asserts that an address was signed with the session.
fn assert_presigned(place: &Place, address: &str) {
    for part in [
        format!("X-Amz-Credential={}%2F", place.session_key()),
        "X-Amz-Security-Token=".to_owned(),
        "X-Amz-Signature=".to_owned(),
    ] {
        assert!(address.contains(&part), "{part} is not in {address}");
    }
}

pub fn codecommit(block: &str) {
    if !is_there("git") {
        return;
    }
    let Some(place) = ready() else { return };
    output(&place.shell("sh", block).run());
    let fill = place
        .program("git", ["credential", "fill"])
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .handing_on_the_session()
        .run_with_stdin(
            "protocol=https\nhost=git-codecommit.eu-west-1.amazonaws.com\n\
             path=v1/repos/my-repository\n\n",
        );
    let answer = output(&fill);
    let user = format!("\nusername={}%", place.session_key());
    assert!(answer.contains(&user), "{answer}");
    assert!(answer.contains("\npassword=20"), "{answer}");
}

/// Up to what git hands on: the helper takes the profile from before the `@`, and asks AWS with it.
pub fn clone(block: &str) {
    if !is_there("git") {
        return;
    }
    let Some(place) = ready() else { return };
    place.stand_in(
        "git-remote-codecommit",
        "address=${2#*://}\naws sts get-caller-identity --profile \"${address%%@*}\" >identity\n\
         printf %s \"$2\" >address\nexit 1",
    );
    let run = place.shell("sh", block).run();
    assert_ne!(run.exit, 0, "{}", run.report());
    assert_eq!(place.read("address"), "eu-west-1://work@my-repository");
    assert!(place.read("identity").contains(ADA));
}

/// Terraform itself was tried by hand, as the page says. That this is Terraform is what daypass's own reader says.
pub fn terraform(block: &str) {
    let place = Place::new();
    place.write("main.tf", block);
    let check = || place.home.daypass(["policy", "check", "main.tf"]).run();
    let said = check().stderr;
    assert!(said.contains("main.tf: no policies of users"), "{said}");
    assert_eq!(block.matches("profile = \"work\"").count(), 1);
    // And what is no Terraform is told.
    place.write("main.tf", &block.replacen('=', "", 1));
    let said = check().stderr;
    assert!(said.contains("Terraform: expected"), "{said}");
}

pub fn psql(block: &str) {
    let Some(place) = ready() else { return };
    place.stand_in(
        "psql",
        "printf %s \"$PGPASSWORD\" >password; printf '%s\\n' \"$@\" >arguments",
    );
    place.home.allow_secrets_in("password");
    output(&place.shell("sh", block).run());
    let password = place.read("password");
    let host = "app.abc123.eu-west-1.rds.amazonaws.com";
    assert!(
        password.starts_with(&format!("{host}:5432/?Action=connect&DBUser=ada&")),
        "{password}"
    );
    assert_presigned(&place, &password);
    assert!(
        place
            .read("arguments")
            .starts_with(&format!("host={host} user=ada "))
    );
}

pub fn job(block: &str) {
    let Some(place) = Place::new().with_aws() else {
        return;
    };
    let run = place.shell("sh", block).run();
    assert_eq!((run.exit, run.stdout.as_str()), (3, ""), "{}", run.report());
    assert_eq!(run.stderr, "no AWS session; run: daypass login work\n");
    place.home.log_in();
    place.assert_ada(&place.shell("sh", block).run());
}

pub fn job_that_never_asks(block: &str) {
    let script = block.to_owned() + "echo the job";
    let place = Place::new();
    // On a terminal, where daypass could ask.
    let run = Pty::start(&place.shell("sh", &script)).finish();
    assert_eq!(run.exit, 3, "{run:?}");
    assert!(
        !run.screen.contains(PROMPT) && !run.screen.contains("the job"),
        "{run:?}"
    );
    place.home.log_in();
    let run = place.shell("sh", &script).run();
    assert!(output(&run).ends_with("the job"), "{}", run.report());
}

pub fn job_that_lasts(block: &str) {
    let place = Place::new();
    place.write("nightly", "#!/bin/sh\necho the job\n");
    set_mode(&place.home.path("nightly"), 0o700);
    // On a terminal, where daypass could ask.
    let run = Pty::start(&place.shell("sh", block)).finish();
    assert_eq!(run.exit, 3, "{run:?}");
    assert!(!run.screen.contains("the job"), "{run:?}");
    place.home.log_in();
    let run = place.shell("sh", block).run();
    assert_eq!(output(&run), "the job");
}

pub fn ssh(block: &str) {
    let Some(place) = Place::new().with_aws() else {
        return;
    };
    place.stand_in(
        "ssh",
        "[ \"$1\" = build.example.com ]; shift\n\
         exec env -i PATH=\"$PATH\" HOME=/nonexistent AWS_ENDPOINT_URL=\"$AWS_ENDPOINT_URL\" \
         NO_PROXY=127.0.0.1 /bin/sh -c \"$*\"",
    );
    let run = place.shell("sh", block).run();
    assert_eq!((run.exit, run.stdout.as_str()), (3, ""), "{}", run.report());
    place.home.log_in();
    place.assert_ada(&place.shell("sh", block).run());
}

pub fn boto3(block: &str) {
    let Some(place) = ready() else { return };
    place.write("who.py", block);
    place.assert_ada(&place.program("python", ["who.py"]).run());
    // What the page says of AWS_PROFILE, and of keys in the environment.
    let unnamed = WHO_AM_I.replace(" --profile work", "");
    let unnamed = || place.shell("sh", &unnamed).env("AWS_PROFILE", "work");
    place.assert_ada(&unnamed().run());
    let stale = unnamed()
        .env("AWS_ACCESS_KEY_ID", "AKIASTALE")
        .env("AWS_SECRET_ACCESS_KEY", "stale");
    assert_ne!(stale.run().exit, 0);
}
