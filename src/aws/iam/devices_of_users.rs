//! The MFA devices of many users: IAM tells of one user at a time.

use std::{collections::VecDeque, ops::ControlFlow, time::Duration};

use aws_sdk_iam::{
    Client,
    config::{
        http::HttpResponse,
        interceptors::InterceptorContext,
        retry::{ClassifyRetry, RetryAction},
    },
    error::SdkError,
    operation::list_mfa_devices::ListMFADevicesError,
    types::MfaDevice,
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::aws::{client::Aws, error::AwsError, iam::mfa_devices::AssignedDevice, pace::Pace};

/// What becomes of the requests.
#[derive(Debug)]
pub enum News {
    /// The answer for the user at this place of the list, or what became of the request in its place.
    Answer(usize, Result<Vec<AssignedDevice>, AwsError>),
    /// AWS is asked too often, and nothing is asked of it for so long.
    Pause(Duration),
}

type Listed = Result<Vec<MfaDevice>, SdkError<ListMFADevicesError, HttpResponse>>;

/// Calls `ListMFADevices` for each of the users, several at a time and in no order; `take` hears of each answer, and says
/// whether to go on. What AWS throttles is asked again, more slowly; only after two minutes without any answer is it told
/// as [`AwsError::Throttled`].
pub fn list(aws: &Aws, users: &[&str], take: impl FnMut(News) -> ControlFlow<()>) {
    list_at(Pace::new(), aws, users, take);
}

pub(super) fn list_at(
    mut pace: Pace,
    aws: &Aws,
    users: &[&str],
    mut take: impl FnMut(News) -> ControlFlow<()>,
) {
    const ACTION: &str = "iam:ListMFADevices";
    let config = super::config(aws).retry_classifier(ThrottlingHasAPace);
    let client = Client::from_conf(config.build());
    aws.run(async {
        let begin = Instant::now();
        let mut waiting: VecDeque<usize> = (0..users.len()).collect();
        // What is still on its way when this ends is given up.
        let mut under_way: JoinSet<(usize, Duration, Listed)> = JoinSet::new();
        loop {
            if let Some(rest) = pace.rest(begin.elapsed()) {
                if take(News::Pause(rest)).is_break() {
                    return;
                }
                sleep(rest).await;
            }
            while under_way.len() < pace.at_once()
                && let Some(index) = waiting.pop_front()
            {
                let (client, user, sent) =
                    (client.clone(), users[index].to_owned(), begin.elapsed());
                under_way.spawn(async move { (index, sent, devices(&client, user).await) });
            }
            let (index, sent, listed) = match under_way.join_next().await {
                Some(Ok(listed)) => listed,
                // Nobody cancels it, and what panics has told why.
                Some(Err(_)) => continue,
                None => return,
            };
            let now = begin.elapsed();
            let listed = listed.map_err(|error| AwsError::from_sdk(ACTION, aws.region(), error));
            if let Err(AwsError::Throttled) = listed {
                pace.refused(sent, now);
                waiting.push_front(index);
                if !pace.is_hopeless(now) {
                    continue;
                }
                for index in waiting {
                    if take(News::Answer(index, Err(AwsError::Throttled))).is_break() {
                        return;
                    }
                }
                return;
            } else {
                pace.answered(sent, now);
            }
            let devices = listed.map(|devices| devices.into_iter().map(Into::into).collect());
            if take(News::Answer(index, devices)).is_break() {
                return;
            }
        }
    });
}

async fn devices(client: &Client, user: String) -> Listed {
    let pages = client
        .list_mfa_devices()
        .user_name(user)
        .into_paginator()
        .items()
        .send();
    pages.collect().await
}

/// Leaves it to the [`Pace`] to ask again where AWS has answered with a refusal: the SDK would do so for each request by
/// itself.
#[derive(Debug)]
struct ThrottlingHasAPace;

impl ClassifyRetry for ThrottlingHasAPace {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match context.response() {
            Some(response) if response.status().as_u16() < 500 => RetryAction::RetryForbidden,
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "throttling has a pace"
    }
}
