//! The two services that the sandbox plays.

/// A service of AWS that speaks the query protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    /// The Security Token Service.
    Sts,
    /// Identity and Access Management.
    Iam,
    /// AWS Organizations, which speaks JSON instead.
    Organizations,
}

impl Service {
    /// The name in credential scopes and in policies.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Service::Sts => "sts",
            Service::Iam => "iam",
            Service::Organizations => "organizations",
        }
    }

    /// The version that requests must name.
    pub(crate) fn version(self) -> &'static str {
        match self {
            Service::Sts => "2011-06-15",
            Service::Iam => "2010-05-08",
            Service::Organizations => "2016-11-28",
        }
    }

    /// The namespace of the XML answers.
    pub(crate) fn namespace(self) -> &'static str {
        match self {
            Service::Sts => "https://sts.amazonaws.com/doc/2011-06-15/",
            Service::Iam => "https://iam.amazonaws.com/doc/2010-05-08/",
            // Its answers are no XML.
            Service::Organizations => "",
        }
    }
}
