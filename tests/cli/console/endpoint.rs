//! The federation endpoint: what it may answer, where it is, and what is sent to it.

use super::*;

#[test]
fn a_denied_federation_token_says_what_is_better() {
    // The company denies everything without MFA.
    let home = Home::new();
    let run = home.daypass(["console", "work", "--print"]).run();
    assert_report!(run.report(), @"
    exit 4
    --- stderr
    daypass: error: AWS denied sts:GetFederationToken: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: sts:GetFederationToken on resource: arn:aws:sts::123456789012:federated-user/ada with an explicit deny in an identity-based policy
      hint: a profile with a role is the better way: [profile NAME] with role_arn and source_profile = work, then daypass console NAME; without one, ask the administrator for the permission sts:GetFederationToken, which has to hold without MFA
    ");
    assert_eq!(home.sandbox.calls("getSigninToken"), 0);
}

#[test]
fn faults_of_the_endpoint_are_told_by_exit_code() {
    let home = home();
    for (fault, exit, what) in [
        (Fault::Status500, 5, "AWS could not answer: HTTP status 500"),
        (Fault::Status503, 5, "AWS could not answer: HTTP status 503"),
        (Fault::Garbage, 5, "the answer does not come from AWS"),
        (Fault::GarbageBinary, 5, "the answer does not come from AWS"),
        (Fault::Truncated, 5, "the answer does not come from AWS"),
        (Fault::Drop, 5, "AWS cannot be reached"),
        (Fault::Throttle, 4, "AWS refused to sign in to the console"),
        (
            Fault::Slow(Duration::from_secs(30)),
            5,
            "AWS did not answer in time",
        ),
    ] {
        home.sandbox
            .misbehave("getSigninToken", fault, Times::Next(1));
        let run = home.daypass(["console", "work", "--print"]).run();
        assert_eq!(run.exit, exit, "{fault:?}: {}", run.report());
        assert!(run.stderr.contains(what), "{fault:?}: {}", run.report());
        assert_eq!(run.stdout, "", "{fault:?}");
    }
}

#[test]
fn a_refusal_of_the_endpoint_says_what_may_be_wrong() {
    let home = home();
    let endpoint = refusing_endpoint();
    let run = home
        .daypass(["console", "work", "--print"])
        .env("AWS_ENDPOINT_URL_SIGNIN", &endpoint)
        .run();
    assert_report!(run.report(), @"
    exit 4
    --- stderr
    daypass: error: AWS refused to sign in to the console: the sign-in did not take the credentials (HTTP status 400)
      hint: they may have been revoked, or be of another partition than the address; this forgets what is cached: daypass logout work
    ");
}

/// An endpoint that refuses one request, as AWS does.
fn refusing_endpoint() -> String {
    use std::io::Write;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut request = [0; 64 * 1024];
        let _ = stream.read(&mut request);
        let page = "<h1>HTTP Status 400 - Invalid credentials parameter</h1>";
        let head = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/html";
        let _ = write!(
            stream,
            "{head}\r\nContent-Length: {}\r\n\r\n{page}",
            page.len()
        );
    });
    format!("http://{address}")
}

#[test]
fn the_endpoint_comes_from_the_flag_then_from_the_environment() {
    let home = home();
    let nowhere = "http://127.0.0.1:9/";
    let sandbox = home.sandbox.federation_url();
    let print = |run: Invocation| run.run().exit;
    let plain = || home.daypass(["console", "work", "--print"]);
    let flag = ["console", "work", "--print", "--federation-endpoint"];
    let flagged = |url: &str| home.daypass(flag.into_iter().chain([url]));
    // The environment's AWS_ENDPOINT_URL is the sandbox.
    assert_eq!(print(plain()), 0);
    assert_eq!(print(plain().env("AWS_ENDPOINT_URL_SIGNIN", nowhere)), 5);
    assert_eq!(print(flagged(nowhere)), 5);
    assert_eq!(
        print(flagged(&sandbox).env("AWS_ENDPOINT_URL_SIGNIN", nowhere)),
        0
    );
}

#[test]
fn credentials_are_not_sent_in_the_clear_over_the_network() {
    let home = home();
    let run = home
        .daypass([
            "console",
            "work",
            "--print",
            "--federation-endpoint",
            "http://signin.aws.amazon.com/federation",
        ])
        .run();
    assert_report!(run.report(), @"
    exit 2
    --- stderr
    daypass: error: --federation-endpoint names an address without https: the credentials could be read on the way
      hint: leave it out: https://signin.aws.amazon.com/federation is AWS's own; http is for this machine only
    ");
    let run = home
        .daypass(["console", "work"])
        .env("AWS_ENDPOINT_URL_SIGNIN", "ftp://127.0.0.1/")
        .run();
    assert_report!(run.report(), @"
    exit 2
    --- stderr
    daypass: error: AWS_ENDPOINT_URL_SIGNIN does not hold the address of a federation endpoint
      hint: unset it: https://signin.aws.amazon.com/federation is AWS's own; http is for this machine only
    ");
    assert_eq!(home.sandbox.total_calls(), 0);
}

#[test]
fn what_is_no_service_is_not_made_a_part_of_an_address() {
    let home = home();
    let run = home
        .daypass(["console", "work", "--service", "ec2/../iam"])
        .run();
    assert_report!(run.report(), @"
    exit 2
    --- stderr
    daypass: error: invalid value 'ec2/../iam' for '--service <NAME>': a service is named as in the console's addresses, with small letters, digits and dashes: ec2, s3, cloudwatch
      hint: daypass console --help shows how it is used
    ");
}

#[test]
fn a_device_of_an_unknown_partition_has_no_console_here() {
    let home = home();
    home.write_config(&home.config().replace("arn:aws:", "arn:aws-iso:"));
    let run = home.daypass(["console", "work", "--print"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: daypass does not know where the console of the partition 'aws-iso' is
    ");
}

#[test]
fn the_address_goes_down_a_pipe_that_nobody_reads_any_more() {
    let home = home();
    let mut child = home
        .daypass(["console", "work", "--print"])
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert!(output.status.success());
    home.assert_no_secret("stderr", &String::from_utf8_lossy(&output.stderr));
}
