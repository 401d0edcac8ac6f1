//! The day, step by step. Every step says what is expected of it and checks that.

use std::{process::Command, time::Duration};

use crate::{
    aws_call::{self, Answer, Credentials},
    child::{self, Finished, Interrupt, Stderr},
    expectation::{expect, expect_exit, expect_text},
    private_home::PrivateHome,
    say::{self, Voice},
    trouble::Trouble,
};

const INTRODUCTION: [&str; 2] = [
    "Ada's company protects its AWS account: AWS refuses every call, unless Ada has typed a \
     six-digit code from her phone (MFA) within the last 8 hours. Her access key alone opens nothing. \
     With daypass she types one code in the morning and then forgets about it.",
    "You see the real daypass at work. AWS is played by a small server on this machine, which \
     checks signatures and codes as strictly as AWS does. Nothing leaves this machine, no AWS account \
     is used, and your own files stay as they are.",
];

const PASSED: Duration = Duration::from_secs((8 * 60 + 5) * 60);

/// A day that goes on in one home.
struct Day<'a> {
    home: &'a PrivateHome,
    voice: Voice,
    interrupt: &'a Interrupt,
    steps: usize,
}

/// Shows the day.
///
/// # Errors
/// When a step does not go as told, or a signal asks for the end.
pub fn show(home: &PrivateHome, voice: Voice, interrupt: &Interrupt) -> Result<(), Trouble> {
    let mut day = Day {
        home,
        voice,
        interrupt,
        steps: 0,
    };
    voice.heading("A day with daypass");
    say::write("\n");
    voice.tell(INTRODUCTION[0]);
    voice.prose(INTRODUCTION[1]);
    day.morning()?;
    let session = day.work()?;
    day.evening(&session)?;

    voice.heading("That was the day");
    say::write("\n");
    voice.prose(
        "Two codes were typed, and every AWS tool worked in between. Each step was checked as it \
         went by. The temporary home directory is removed now.",
    );
    say::write("\nTry it yourself, in a private shell with the same make-believe AWS:\n\n");
    voice.command("cargo demo --shell");
    Ok(())
}

impl Day<'_> {
    fn morning(&mut self) -> Result<(), Trouble> {
        self.step("In the morning: not logged in yet", "");
        let status = self.daypass(&["status"], 0)?;
        expect_text(&status, "none")?;

        self.step("Ada types the code that her phone shows", "");
        let code = self.code()?;
        let login = self.daypass(&["login", "work", "--code", &code], 0)?;
        expect_text(&login, "logged in until")?;

        self.step(
            "What that left behind: a session, beside Ada's own lines",
            "It is kept in the file that all AWS tools share. (The secrets are hidden here only.)",
        );
        self.voice.command("cat ~/.aws/credentials");
        let credentials = self.credentials()?;
        self.voice.output(&say::masked(&credentials));
        expect(
            credentials.contains("# Ada's own access key, and this is her own comment.\n"),
            "Ada's comment is still there",
            "it is gone",
        )
    }

    /// Work, with the session that it is done with.
    fn work(&mut self) -> Result<Credentials, Trouble> {
        self.step(
            "How AWS tools get it: they ask daypass",
            "The AWS CLI, Terraform and programs that use an AWS SDK run this by themselves, \
             because Ada's ~/.aws/config names it. (Broken into lines and with the secrets hidden \
             for you; the tools get all of it.)",
        );
        self.voice.command("daypass credential-process work");
        let connections = self.home.sandbox.connections();
        let finished = self.run(&["credential-process", "work"])?;
        let json = say::masked(&finished.output).replace(",\"", ",\n \"");
        self.voice.output(&json);
        expect_exit(&finished, 0)?;
        expect(
            self.home.sandbox.connections() == connections,
            "no call to AWS",
            "there was one",
        )?;
        self.voice.note(&format!(
            "Answered in {} ms, without a question and without a call to AWS.",
            finished.elapsed.as_millis()
        ));
        let session = parse_credentials(&finished.output)?;

        self.step(
            "What it is good for",
            "The same call twice. It asks AWS what Ada's account is called \
             (iam:ListAccountAliases).",
        );
        let long_term_key = Credentials {
            access_key_id: self.home.user.access_key_id.clone(),
            secret_access_key: self.home.user.secret_access_key.clone(),
            session_token: None,
        };
        self.call(
            "With Ada's access key alone",
            &long_term_key,
            Some("AccessDenied"),
        )?;
        say::write("\n");
        self.call("With what daypass handed out", &session, None)?;
        Ok(session)
    }

    fn evening(&mut self, session: &Credentials) -> Result<(), Trouble> {
        self.step(
            "8 hours and 5 minutes later",
            "To spare you the wait, every date on both sides, in Ada's files and at AWS, is moved \
             8 h 5 min into the past, which is the same as waiting.",
        );
        self.home
            .later(PASSED)
            .map_err(Trouble::io("cannot move the dates"))?;
        let status = self.daypass(&["status"], 0)?;
        expect_text(&status, "expired")?;

        self.step(
            "The morning's session opens nothing any more",
            "AWS would have kept it for 12 hours, as Ada's profile asks for; the company's rule \
             ends it after 8. daypass knows both.",
        );
        self.call(
            "With the session of the morning",
            session,
            Some("AccessDenied"),
        )?;

        self.step("One new code, and the work goes on", "");
        let code = self.code()?;
        let login = self.daypass(&["login", "work", "--code", &code], 0)?;
        expect_text(&login, "logged in until")?;
        say::write("\n");
        let status = self.daypass(&["status"], 0)?;
        expect_text(&status, "valid")?;
        say::write("\n");
        let finished = self.run(&["credential-process", "work"])?;
        expect_exit(&finished, 0)?;
        let renewed = parse_credentials(&finished.output)?;
        self.call("With what daypass hands out now", &renewed, None)
    }

    fn step(&mut self, title: &str, explanation: &str) {
        self.steps += 1;
        self.voice.heading(&format!("{}. {title}", self.steps));
        say::write("\n");
        if !explanation.is_empty() {
            self.voice.tell(explanation);
        }
    }

    /// Runs daypass before everybody's eyes.
    fn daypass(&self, arguments: &[&str], exit: i32) -> Result<Finished, Trouble> {
        self.voice
            .command(&format!("daypass {}", arguments.join(" ")));
        let finished = self.run(arguments)?;
        self.voice.output(&finished.output);
        expect_exit(&finished, exit)?;
        Ok(finished)
    }

    fn run(&self, arguments: &[&str]) -> Result<Finished, Trouble> {
        let mut command = Command::new(&self.home.daypass);
        command
            .args(arguments)
            .env_clear()
            .envs(self.home.whole_environment())
            .current_dir(&self.home.path);
        // It writes to a pipe here, and is to look as it does on the person's terminal.
        if self.voice.colored() {
            command.arg("--color=always");
        }
        child::run(command, Stderr::WithStdout, self.interrupt)
    }

    /// Calls AWS, which is to refuse with that error code, or to allow it.
    fn call(
        &self,
        what: &str,
        credentials: &Credentials,
        refusal: Option<&str>,
    ) -> Result<(), Trouble> {
        self.interrupt.check()?;
        let answer = aws_call::list_account_aliases(&self.home.sandbox, credentials)
            .map_err(Trouble::io("cannot call AWS"))?;
        let found = match answer {
            Answer::Allowed { alias } => {
                self.voice
                    .allowed(what, &format!("The account is called '{alias}'."));
                None
            }
            Answer::Refused { code, message } => {
                self.voice.refused(what, &format!("{code}: {message}"));
                Some(code)
            }
        };
        let name = |code: Option<&str>| code.unwrap_or("an answer").to_owned();
        if found.as_deref() == refusal {
            return Ok(());
        }
        Err(Trouble::Unexpected {
            expected: name(refusal),
            found: name(found.as_deref()),
        })
    }

    fn code(&self) -> Result<String, Trouble> {
        loop {
            match self.home.code() {
                Ok(code) => return Ok(code),
                Err(_) => std::thread::sleep(Duration::from_millis(100)),
            }
            self.interrupt.check()?;
        }
    }

    fn credentials(&self) -> Result<String, Trouble> {
        self.home
            .credentials()
            .map_err(Trouble::io("cannot read the credentials file"))
    }
}

fn parse_credentials(json: &str) -> Result<Credentials, Trouble> {
    let json: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let text = |name: &str| json[name].as_str().map(str::to_owned);
    let credentials = || {
        Some(Credentials {
            access_key_id: text("AccessKeyId")?,
            secret_access_key: text("SecretAccessKey")?,
            session_token: Some(text("SessionToken")?),
        })
    };
    credentials().ok_or_else(|| Trouble::Unexpected {
        expected: "credentials in JSON".to_owned(),
        found: "something else".to_owned(),
    })
}
