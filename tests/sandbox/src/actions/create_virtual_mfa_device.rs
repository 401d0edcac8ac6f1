//! `iam:CreateVirtualMFADevice`: a device that is nobody's, and its seed.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateVirtualMFADevice.html>

use super::{Action, Context, tags::SessionTags};
use crate::{
    constraints::{Constraints, is_word},
    devices::serial,
    error::ApiError,
    reply::Xml,
    service::Service,
};

pub(super) const ACTION: Action = Action {
    service: Service::Iam,
    name: "CreateVirtualMFADevice",
    resource: |context| {
        let name = context.parameters.text("VirtualMFADeviceName");
        serial_in(context, name.unwrap_or("null"))
    },
    run,
};

/// A picture of one pixel. AWS's has the seed in it, which takes an encoder of QR codes.
const PICTURE: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x01\0\0\0\0\x37\x6e\xf9\x24\
\0\0\0\nIDAT\x78\xda\x63\x68\0\0\0\x82\0\x81\xda\x45\x08\x3b\0\0\0\0IEND\xae\x42\x60\x82";

fn serial_in(context: &Context, name: &str) -> String {
    let default = context.state.device_path.as_deref().unwrap_or("/");
    let path = context.parameters.text("Path").unwrap_or(default);
    serial(&context.caller.arn, &format!("mfa{path}{name}"))
}

fn run(context: &mut Context) -> Result<Xml, ApiError> {
    let mut constraints = Constraints::new();
    let parameters = context.parameters;
    let name = constraints.required(parameters, "VirtualMFADeviceName", "virtualMFADeviceName");
    let allowed = |character| is_word(character) || "+=,.@-".contains(character);
    constraints.characters("virtualMFADeviceName", name, r"[\w+=,.@-]+", allowed);
    if let Some(path) = parameters.text("Path") {
        let pattern = r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)";
        constraints.matches("path", path, pattern, is_path(path));
        constraints.length("path", path, 1, 512);
    }
    let tags = SessionTags::read(parameters, &mut constraints);
    constraints.check()?;
    // The code of a model that has no InvalidParameterValue; the words are those of STS.
    tags.check_keys().map_err(|error| ApiError {
        code: "InvalidInput",
        ..error
    })?;

    let serial = serial_in(context, name);
    if context.state.device(&serial).is_some() {
        return Err(ApiError::new(
            409,
            "EntityAlreadyExists",
            "MFADevice entity at the same path and name already exists.",
        ));
    }
    let device = context.state.add_code_device(None, &serial);
    if let Some(stored) = context.state.device_mut(&serial) {
        stored.tags.clone_from(&tags.tags);
    }
    let mut result = Xml::new()
        .text("SerialNumber", &serial)
        .blob("Base32StringSeed", device.seed.as_bytes())
        .blob("QRCodePNG", PICTURE);
    if !tags.tags.is_empty() {
        let tags = tags.tags.iter();
        let entries = tags.map(|(key, value)| Xml::new().text("Key", key).text("Value", value));
        result = result.list("Tags", entries);
    }
    Ok(Xml::new().group("VirtualMFADevice", result))
}

/// A slash, or what visible characters there are between two.
fn is_path(path: &str) -> bool {
    let inner = path
        .strip_prefix('/')
        .and_then(|rest| rest.strip_suffix('/'));
    path == "/"
        || inner.is_some_and(|inner| {
            !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_graphic())
        })
}
