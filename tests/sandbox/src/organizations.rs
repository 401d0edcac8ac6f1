//! AWS Organizations: the accounts of an organization. It speaks JSON 1.1, not the query protocol.
//!
//! <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html>

use serde_json::{Value, json};

use crate::{
    OrganizationAccount,
    actions::Action,
    caller::{self, Caller},
    error::ApiError,
    model::State,
    reply::Xml,
    rules,
    service::Service,
    signature::SignedRequest,
};

/// What the names of its actions begin with in `X-Amz-Target`.
const TARGET: &str = "AWSOrganizationsV20161128.";

/// What its answers are.
pub(crate) const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

const LIST_ACCOUNTS: Action = Action {
    service: Service::Organizations,
    name: "ListAccounts",
    resource: |_| "*".to_owned(),
    run: |_| Ok(Xml::new()),
};

/// Markers are opaque to clients.
const MARKER: &str = "AAMC/sandbox+";

/// The most entries of an answer, and what it is if none are asked for.
const MOST: u64 = 20;

/// The action that a request names, if it is one of this service's.
pub(crate) fn action<'a>(request: &SignedRequest<'a>) -> Option<&'a str> {
    let target = request.headers.get("x-amz-target")?.to_str().ok()?;
    target.strip_prefix(TARGET)
}

/// Answers a request.
pub(crate) fn answer(state: &mut State, request: &SignedRequest) -> Result<String, ApiError> {
    let action = action(request).unwrap_or_default();
    if action != LIST_ACCOUNTS.name {
        return Err(ApiError::new(400, "UnknownOperationException", ""));
    }
    let caller = caller::authenticate(state, Service::Organizations, request)?;
    state.record_use(
        &caller.access_key_id,
        Service::Organizations,
        &caller.region,
    );
    rules::permit(state, &caller, &LIST_ACCOUNTS, "*")?;
    let body: Value = serde_json::from_slice(request.body)
        .map_err(|_| ApiError::new(400, "SerializationException", ""))?;
    list(&state.organization, &caller, state.page_size, &body)
}

fn list(
    accounts: &[OrganizationAccount],
    caller: &Caller,
    page_size: Option<usize>,
    body: &Value,
) -> Result<String, ApiError> {
    let Some(management) = accounts.first() else {
        return Err(ApiError::new(
            400,
            "AWSOrganizationsNotInUseException",
            "Your account is not a member of an organization.",
        ));
    };
    if management.id != caller.account {
        return Err(ApiError::access_denied(
            "You don't have permissions to access this resource.",
        ));
    }
    let invalid = |what: &str| {
        let message =
            format!("You provided a value that does not match the required pattern: {what}");
        ApiError::new(400, "InvalidInputException", message)
    };
    let most = match &body["MaxResults"] {
        Value::Null => MOST,
        given => given
            .as_u64()
            .filter(|given| (1..=MOST).contains(given))
            .ok_or_else(|| invalid("MaxResults"))?,
    };
    let start = match &body["NextToken"] {
        Value::Null => 0,
        token => token
            .as_str()
            .and_then(|token| token.strip_prefix(MARKER)?.parse().ok())
            .filter(|start| *start <= accounts.len())
            .ok_or_else(|| invalid("NextToken"))?,
    };
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let end = accounts
        .len()
        .min(start + page_size.map_or(most, |size| size.min(most)));
    let entries: Vec<Value> = accounts[start..end]
        .iter()
        .map(|account| entry(account, &management.id))
        .collect();
    let mut answer = json!({"Accounts": entries});
    if end < accounts.len() {
        answer["NextToken"] = format!("{MARKER}{end}").into();
    }
    Ok(answer.to_string())
}

fn entry(account: &OrganizationAccount, management: &str) -> Value {
    let id = &account.id;
    let status = if account.is_active {
        "ACTIVE"
    } else {
        "SUSPENDED"
    };
    json!({
        "Id": id,
        "Arn": format!("arn:aws:organizations::{management}:account/o-exampleorgid/{id}"),
        "Email": format!("{id}@example.com"),
        "Name": account.name,
        "Status": status,
        "JoinedMethod": if id == management { "INVITED" } else { "CREATED" },
        "JoinedTimestamp": 1_481_835_795.536,
    })
}

/// A refusal as this protocol has it. Services that speak it have names of their own for what is wrong with the
/// signature.
pub(crate) fn refusal(error: &ApiError) -> String {
    let code = match error.code {
        "AccessDenied" => "AccessDeniedException",
        "ExpiredToken" => "ExpiredTokenException",
        "InvalidClientTokenId" => "UnrecognizedClientException",
        "SignatureDoesNotMatch" => "InvalidSignatureException",
        "IncompleteSignature" => "IncompleteSignatureException",
        "Throttling" => "TooManyRequestsException",
        "InternalFailure" => "ServiceException",
        code => code,
    };
    json!({"__type": code, "Message": error.message}).to_string()
}
