//! The users of an account, and the name of the account itself.

use crate::{
    aws::{client::Aws, error::AwsError},
    terminal::excerpt,
};

/// A user as IAM knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The name without the path.
    pub name: String,
    /// `arn:aws:iam::ACCOUNT:user/PATH/NAME`.
    pub arn: String,
}

/// Calls `GetUser`, for the user of the key if no name is given.
///
/// # Errors
/// [`AwsError`]: `NoSuchEntity` where there is no user of that name, `Denied` where a policy forbids it,
/// which is common.
pub fn get_user(aws: &Aws, name: Option<&str>) -> Result<User, AwsError> {
    const ACTION: &str = "iam:GetUser";
    let request = aws_sdk_iam::Client::new(aws.config())
        .get_user()
        .set_user_name(name.map(str::to_owned))
        .send();
    let reply = aws
        .run(request)
        .map_err(|error| AwsError::from_sdk(ACTION, aws.region(), error))?;
    let user = reply.user.ok_or_else(AwsError::unreadable)?;
    Ok(User {
        name: excerpt(&user.user_name),
        arn: excerpt(&user.arn),
    })
}

/// Calls `ListAccountAliases`: the name that the account's sign-in page has, if any.
///
/// # Errors
/// [`AwsError`], `Denied` above all.
pub fn account_alias(aws: &Aws) -> Result<Option<String>, AwsError> {
    const ACTION: &str = "iam:ListAccountAliases";
    let request = aws_sdk_iam::Client::new(aws.config())
        .list_account_aliases()
        .send();
    let reply = aws
        .run(request)
        .map_err(|error| AwsError::from_sdk(ACTION, aws.region(), error))?;
    Ok(reply.account_aliases.first().map(|alias| excerpt(alias)))
}
