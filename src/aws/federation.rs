//! The console's federation endpoint: temporary credentials become a token that a browser signs in with.
//!
//! No SDK speaks it. Source: the IAM User Guide, "Enable custom identity broker access to the AWS console".

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use crate::{
    aws::{
        client::{ClientError, Unsigned},
        error::AwsError,
    },
    credentials::TemporaryCredentials,
    secret::Secret,
};

/// The longest answer that is read, in bytes: a token has one or two thousand.
const LONGEST_ANSWER: usize = 64 * 1024;

/// The connection to a federation endpoint.
pub struct FederationEndpoint {
    address: Url,
    connection: Unsigned,
}

impl FederationEndpoint {
    /// Sets the connection up.
    ///
    /// # Errors
    /// [`ClientError`]; the network is not touched yet.
    pub fn new(address: Url) -> Result<Self, ClientError> {
        Ok(FederationEndpoint {
            address,
            connection: Unsigned::new()?,
        })
    }

    /// Calls `getSigninToken`: a token with which a browser can sign in for 15 minutes.
    ///
    /// The request is a POST, which keeps the credentials out of addresses, and with them out of the logs
    /// of proxies. It says nothing of `SessionDuration`: AWS refuses that for credentials of
    /// `GetFederationToken`, and for a role that was assumed with temporary credentials, as every role
    /// is here. The console session then ends with the credentials.
    ///
    /// # Errors
    /// [`AwsError`]. The endpoint gives no reasons: it answers 400 to all that it does not take.
    pub fn sign_in_token(&self, credentials: &TemporaryCredentials) -> Result<Secret, AwsError> {
        let (status, answer) = self
            .connection
            .send(self.request(credentials)?, LONGEST_ANSWER)?;
        let unreadable = || AwsError::Unreadable {
            status: Some(status),
        };
        match status {
            200 => {}
            429 => return Err(AwsError::Throttled),
            400..=499 => {
                return Err(AwsError::Refused {
                    action: "to sign in to the console",
                    code: format!("HTTP status {status}"),
                    message: "the sign-in did not take the credentials".to_owned(),
                });
            }
            500..=599 => return Err(AwsError::Unavailable { status }),
            _ => return Err(unreadable()),
        }
        let answer: Value = serde_json::from_slice(&answer).map_err(|_| unreadable())?;
        match answer.get("SigninToken") {
            Some(Value::String(token)) if !token.is_empty() => Ok(Secret::new(token.as_str())),
            _ => Err(unreadable()),
        }
    }

    fn request(&self, credentials: &TemporaryCredentials) -> Result<HttpRequest, AwsError> {
        let session = json!({
            "sessionId": credentials.access_key_id,
            "sessionKey": credentials.secret_access_key.expose(),
            "sessionToken": credentials.session_token.expose(),
        });
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("Action", "getSigninToken")
            .append_pair("Session", &session.to_string())
            .finish();
        let length = form.len().to_string();
        let mut request = HttpRequest::new(SdkBody::from(form));
        let unsendable = |_| AwsError::unreadable();
        request.set_method("POST").map_err(unsendable)?;
        request.set_uri(self.address.as_str()).map_err(unsendable)?;
        let headers = request.headers_mut();
        headers.insert("content-type", "application/x-www-form-urlencoded");
        headers.insert("content-length", length);
        headers.insert("accept", "application/json");
        Ok(request)
    }

    /// The address that signs a browser in and takes it to `destination`. Whoever has it has the console.
    pub fn sign_in_address(&self, token: &Secret, destination: &Url) -> Secret {
        let mut address = self.address.clone();
        address
            .query_pairs_mut()
            .append_pair("Action", "login")
            .append_pair("Destination", destination.as_str())
            .append_pair("SigninToken", token.expose());
        Secret::new(String::from(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time;

    fn endpoint() -> FederationEndpoint {
        let address = Url::parse("https://signin.example.com/federation").unwrap();
        FederationEndpoint::new(address).unwrap()
    }

    #[test]
    fn the_credentials_are_in_the_body_and_never_in_the_address() {
        let credentials = TemporaryCredentials {
            access_key_id: "ASIAEXAMPLE".into(),
            secret_access_key: Secret::new("a/b+c= &"),
            session_token: Secret::new("to\"ken"),
            expiration: time::now(),
        };
        let request = endpoint().request(&credentials).unwrap();
        assert_eq!(request.method(), "POST");
        assert_eq!(request.uri(), "https://signin.example.com/federation");
        let body = request.body().bytes().unwrap();
        let form: Vec<_> = form_urlencoded::parse(body).into_owned().collect();
        let names: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
        // No SessionDuration.
        assert_eq!(names, ["Action", "Session"]);
        assert_eq!(form[0].1, "getSigninToken");
        let session: Value = serde_json::from_str(&form[1].1).unwrap();
        assert_eq!(
            session,
            json!({"sessionId": "ASIAEXAMPLE", "sessionKey": "a/b+c= &", "sessionToken": "to\"ken"})
        );
    }

    #[test]
    fn a_token_and_a_destination_are_read_back_as_they_are() {
        let destination = Url::parse("https://eu-west-1.console.aws.amazon.com/?a=b&c=d").unwrap();
        let address = endpoint().sign_in_address(&Secret::new("t+o/k&n="), &destination);
        let address = Url::parse(address.expose()).unwrap();
        let pairs: Vec<_> = address.query_pairs().into_owned().collect();
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            pairs,
            [
                ("Action", "login"),
                ("Destination", destination.as_str()),
                ("SigninToken", "t+o/k&n="),
            ]
        );
    }
}
