//! Runs a sandbox until standard input closes.
//!
//! ```console
//! $ daypass-sandbox [--user NAME] [--no-limit] [--port PORT]
//! ```
//!
//! It prints `export` lines for a shell: what points AWS's tools to the sandbox, the federation
//! endpoint of its console, the control address, a role that the user may assume with MFA, and the
//! user's key, serial and seed. In a script, keep its standard input open:
//! `sleep infinity | daypass-sandbox > sandbox.env &`.

use std::{
    io::{self, Write as _},
    process::ExitCode,
    time::Duration,
};

use daypass_sandbox::{Role, Sandbox};

/// What the command line asks for.
struct Arguments {
    user: String,
    limit: Option<Duration>,
    port: u16,
}

fn main() -> ExitCode {
    match parse(std::env::args().skip(1)) {
        Ok(arguments) => run(&arguments),
        Err(problem) => {
            writeln!(
                io::stderr(),
                "daypass-sandbox: error: {problem}\n\
                 usage: daypass-sandbox [--user NAME] [--no-limit] [--port PORT]"
            )
            .ok();
            ExitCode::from(2)
        }
    }
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut parsed = Arguments {
        user: "ada".to_owned(),
        limit: Some(Duration::from_secs(8 * 3_600)),
        port: 0,
    };
    while let Some(flag) = arguments.next() {
        let mut value = || {
            let value = arguments.next();
            value.ok_or_else(|| format!("{flag} takes a value"))
        };
        match flag.as_str() {
            "--user" => {
                let name = value()?;
                // IAM's own rule; it also keeps quotes out of the lines for the shell.
                let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
                if name.is_empty() || !name.chars().all(allowed) {
                    return Err(format!("{name} is no name for an IAM user"));
                }
                parsed.user = name;
            }
            "--no-limit" => parsed.limit = None,
            "--port" => {
                let port = value()?;
                parsed.port = port.parse().map_err(|_| format!("{port} is no port"))?;
            }
            _ => return Err(format!("unknown argument {flag}")),
        }
    }
    Ok(parsed)
}

fn run(arguments: &Arguments) -> ExitCode {
    let sandbox = Sandbox::start_on(arguments.port);
    let user = sandbox.add_user(&arguments.user);
    let device = sandbox.add_virtual_device(&user, &user.name);
    sandbox.set_mfa_age_limit(&user, arguments.limit);

    // For role profiles and the console, tried by hand.
    let role = sandbox.add_role(Role {
        require_mfa: true,
        ..Role::default()
    });

    let mut lines = sandbox.environment();
    lines.extend([
        ("DAYPASS_SANDBOX_FEDERATION_URL", sandbox.federation_url()),
        ("DAYPASS_SANDBOX_ROLE_ARN", role),
        ("DAYPASS_SANDBOX_CONTROL", sandbox.serve_control()),
        ("DAYPASS_SANDBOX_USER", user.name),
        ("DAYPASS_SANDBOX_USER_ARN", user.arn),
        ("DAYPASS_SANDBOX_ACCESS_KEY_ID", user.access_key_id),
        ("DAYPASS_SANDBOX_SECRET_ACCESS_KEY", user.secret_access_key),
        ("DAYPASS_SANDBOX_MFA_SERIAL", device.serial),
        ("DAYPASS_SANDBOX_MFA_SEED", device.seed),
    ]);
    let exports: String = lines
        .iter()
        .map(|(name, value)| format!("export {name}='{value}'\n"))
        .collect();
    let mut output = io::stdout();
    if output
        .write_all(exports.as_bytes())
        .and_then(|()| output.flush())
        .is_err()
    {
        return ExitCode::FAILURE;
    }
    // Whoever started the sandbox holds the other end, so that it cannot outlive them.
    io::copy(&mut io::stdin(), &mut io::sink()).ok();
    ExitCode::SUCCESS
}
