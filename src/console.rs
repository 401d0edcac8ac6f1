//! The AWS console: where it is, where one signs in to it, and how a browser gets there.

use std::{fmt, net::IpAddr};

use url::{Host, Url};

use crate::environment;

pub mod browser;
pub mod doorway;
pub mod error;
pub mod sign_in;

/// A part of AWS with accounts, regions and a console of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partition {
    /// `aws`
    Commercial,
    /// `aws-cn`
    China,
    /// `aws-us-gov`
    GovCloud,
}

/// A place that cannot be gone to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The partition's addresses are not known.
    #[error("daypass does not know where the console of the partition '{0}' is")]
    UnknownPartition(String),
    /// What should be the address of the federation endpoint is none.
    #[error("{place} does not hold the address of a federation endpoint")]
    NotAnAddress {
        /// The flag or the variable.
        place: &'static str,
    },
    /// Credentials would go over the network for everybody to read.
    #[error("{place} names an address without https: the credentials could be read on the way")]
    NotSecure {
        /// The flag or the variable.
        place: &'static str,
    },
}

impl Partition {
    /// The partition that an ARN is of.
    ///
    /// # Errors
    /// When the console of that partition is not known.
    pub fn of_arn(arn: &str) -> Result<Self, AddressError> {
        match arn.split(':').nth(1).unwrap_or_default() {
            "aws" => Ok(Partition::Commercial),
            "aws-cn" => Ok(Partition::China),
            "aws-us-gov" => Ok(Partition::GovCloud),
            other => Err(AddressError::UnknownPartition(other.to_owned())),
        }
    }

    /// The partition that a region is in.
    pub fn of_region(region: &str) -> Self {
        if region.starts_with("cn-") {
            Partition::China
        } else if region.starts_with("us-gov-") {
            Partition::GovCloud
        } else {
            Partition::Commercial
        }
    }

    fn default_region(self) -> &'static str {
        match self {
            Partition::Commercial => "us-east-1",
            Partition::China => "cn-north-1",
            Partition::GovCloud => "us-gov-west-1",
        }
    }

    /// Where the root user of an account manages its own credentials.
    pub(crate) fn security_credentials(self) -> String {
        let host = self.console_host();
        format!("https://{host}/iam/home#/security_credentials")
    }

    fn console_host(self) -> &'static str {
        match self {
            Partition::Commercial => "console.aws.amazon.com",
            Partition::China => "console.amazonaws.cn",
            Partition::GovCloud => "console.amazonaws-us-gov.com",
        }
    }

    fn federation_endpoint(self) -> &'static str {
        match self {
            Partition::Commercial => "https://signin.aws.amazon.com/federation",
            Partition::China => "https://signin.amazonaws.cn/federation",
            Partition::GovCloud => "https://signin.amazonaws-us-gov.com/federation",
        }
    }
}

/// The console's own name of a service, as it stands in its addresses: `ec2`, `s3`, `cloudwatch`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service(String);

/// A text that names no service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a service is named as in the console's addresses, with small letters, digits and dashes: ec2, s3, cloudwatch"
)]
pub struct NotAService;

impl Service {
    /// Parses a name.
    ///
    /// # Errors
    /// [`NotAService`] for whatever would not be a part of an address.
    pub fn parse(text: &str) -> Result<Self, NotAService> {
        const LONGEST: usize = 64;
        let is_allowed =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if text.is_empty() || text.len() > LONGEST || !text.bytes().all(is_allowed) {
            return Err(NotAService);
        }
        Ok(Service(text.to_owned()))
    }
}

impl fmt::Display for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The page of the console to end at, in a region; in another partition's region it is that of the
/// partition's own first one.
///
/// # Errors
/// Never in practice: hosts, regions and services are all fit for an address.
pub fn destination(
    partition: Partition,
    region: &str,
    service: Option<&Service>,
) -> Result<Url, AddressError> {
    let region = if Partition::of_region(region) == partition {
        region
    } else {
        partition.default_region()
    };
    let host = partition.console_host();
    let service = service.map_or("console", |service| service.0.as_str());
    let address = format!("https://{region}.{host}/{service}/home?region={region}");
    Url::parse(&address).map_err(|_| AddressError::NotAnAddress { place: "region" })
}

/// The federation endpoint: the named one, else that of the environment, else the partition's own.
///
/// # Errors
/// [`AddressError`] when something else stands in its place.
pub fn federation_endpoint(named: Option<&str>, partition: Partition) -> Result<Url, AddressError> {
    let found = match named {
        Some(text) => Some((text.to_owned(), "--federation-endpoint")),
        None => environment::sign_in_endpoint(),
    };
    match found {
        Some((text, place)) => checked_endpoint(&text, place),
        None => checked_endpoint(partition.federation_endpoint(), "the partition"),
    }
}

fn checked_endpoint(text: &str, place: &'static str) -> Result<Url, AddressError> {
    let none = || AddressError::NotAnAddress { place };
    let mut address = Url::parse(text).map_err(|_| none())?;
    let is_plain = address.username().is_empty()
        && address.password().is_none()
        && address.query().is_none()
        && address.fragment().is_none();
    if !matches!(address.scheme(), "http" | "https") || !is_plain {
        return Err(none());
    }
    if address.scheme() == "http" && !is_loopback(&address) {
        return Err(AddressError::NotSecure { place });
    }
    // The variables name the service; the endpoint is a path of it.
    if !address
        .path()
        .trim_end_matches('/')
        .ends_with("/federation")
    {
        let mut path = address.path_segments_mut().map_err(|()| none())?;
        path.pop_if_empty().push("federation");
    }
    Ok(address)
}

fn is_loopback(address: &Url) -> bool {
    match address.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_has_a_console_and_an_endpoint_of_its_own() {
        for (arn, region, service, page, endpoint) in [
            (
                "arn:aws:iam::123456789012:role/Admin",
                "eu-west-1",
                None,
                "https://eu-west-1.console.aws.amazon.com/console/home?region=eu-west-1",
                "https://signin.aws.amazon.com/federation",
            ),
            (
                "arn:aws:iam::123456789012:mfa/ada",
                "us-east-1",
                Some("ec2"),
                "https://us-east-1.console.aws.amazon.com/ec2/home?region=us-east-1",
                "https://signin.aws.amazon.com/federation",
            ),
            (
                "arn:aws-cn:iam::123456789012:role/Admin",
                "cn-northwest-1",
                Some("s3"),
                "https://cn-northwest-1.console.amazonaws.cn/s3/home?region=cn-northwest-1",
                "https://signin.amazonaws.cn/federation",
            ),
            (
                "arn:aws-us-gov:iam::123456789012:role/Admin",
                "us-gov-east-1",
                Some("lambda"),
                "https://us-gov-east-1.console.amazonaws-us-gov.com/lambda/home?region=us-gov-east-1",
                "https://signin.amazonaws-us-gov.com/federation",
            ),
            // A region that the role's partition does not have.
            (
                "arn:aws-cn:iam::123456789012:role/Admin",
                "us-east-1",
                None,
                "https://cn-north-1.console.amazonaws.cn/console/home?region=cn-north-1",
                "https://signin.amazonaws.cn/federation",
            ),
        ] {
            let partition = Partition::of_arn(arn).unwrap();
            let service = service.map(|name| Service::parse(name).unwrap());
            let shown = destination(partition, region, service.as_ref()).unwrap();
            assert_eq!(shown.as_str(), page);
            let shown = checked_endpoint(partition.federation_endpoint(), "the partition").unwrap();
            assert_eq!(shown.as_str(), endpoint);
        }
        for (region, partition) in [
            ("cn-north-1", Partition::China),
            ("us-gov-west-1", Partition::GovCloud),
            ("us-east-1", Partition::Commercial),
        ] {
            assert_eq!(Partition::of_region(region), partition);
        }
        assert_eq!(
            Partition::of_arn("arn:aws-iso:iam::123456789012:role/Admin"),
            Err(AddressError::UnknownPartition("aws-iso".into()))
        );
    }

    #[test]
    fn a_service_is_a_part_of_an_address_and_nothing_else() {
        for name in ["ec2", "s3", "cloudwatch", "iam", "systems-manager"] {
            assert_eq!(Service::parse(name).unwrap().to_string(), name);
        }
        for text in [
            "",
            "EC2",
            "ec2/v2",
            "a?b",
            "a b",
            "..",
            "ec2#",
            &"a".repeat(65),
        ] {
            assert_eq!(Service::parse(text), Err(NotAService), "{text}");
        }
    }

    #[test]
    fn an_endpoint_is_secure_unless_it_is_on_this_machine() {
        let place = "--federation-endpoint";
        for (text, address) in [
            (
                "https://signin.example.com",
                "https://signin.example.com/federation",
            ),
            (
                "https://signin.example.com/federation",
                "https://signin.example.com/federation",
            ),
            ("http://127.0.0.1:4566/", "http://127.0.0.1:4566/federation"),
            (
                "http://localhost:4566/aws/",
                "http://localhost:4566/aws/federation",
            ),
            ("http://[::1]:4566", "http://[::1]:4566/federation"),
        ] {
            assert_eq!(checked_endpoint(text, place).unwrap().as_str(), address);
        }
        for text in [
            "http://signin.aws.amazon.com/federation",
            "http://127.0.0.1.example.com/",
            "http://localhost.example.com/",
        ] {
            let refused = Err(AddressError::NotSecure { place });
            assert_eq!(checked_endpoint(text, place), refused, "{text}");
        }
        for text in [
            "",
            "signin.aws.amazon.com",
            "ftp://127.0.0.1/",
            "https://ada:secret@signin.example.com/",
            "https://signin.example.com/?a=b",
            "https://signin.example.com/#a",
        ] {
            let refused = Err(AddressError::NotAnAddress { place });
            assert_eq!(checked_endpoint(text, place), refused, "{text}");
        }
    }
}
