//! What made a resource. A change by hand drifts from a template, and a controller undoes it, so that both have to be
//! told what to change.

use crate::snapshot::Resource;

/// A template or controller that a resource belongs to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Manager {
    /// What it is, such as `the CloudFormation stack shop`.
    pub name: String,
    /// Whether it undoes changes that others make. There are no steps then.
    pub undoes_changes: bool,
}

/// Tags of controllers, with what their value is the name of.
const CONTROLLERS: [(&str, &str); 4] = [
    ("elasticbeanstalk:environment-name", "the Elastic Beanstalk environment"),
    ("eks:nodegroup-name", "the EKS node group"),
    ("elbv2.k8s.aws/cluster", "the load balancer controller of the Kubernetes cluster"),
    ("aws:servicecatalog:provisionedProductArn", "the Service Catalog product"),
];

const STACK_TAG: &str = "aws:cloudformation:stack-name";

/// Beginning of the names of the stacks that Control Tower keeps in its accounts.
const CONTROL_TOWER: &str = "StackSet-AWSControlTower";

/// Tags in which people write what manages a resource.
const TOOL_TAGS: [&str; 5] = ["ManagedBy", "managed-by", "managed_by", "managedBy", "terraform"];

/// Words of those tags, with the names of the tools.
const TOOLS: [(&str, &str); 3] = [("opentofu", "OpenTofu"), ("pulumi", "Pulumi"), ("terraform", "Terraform")];

/// What made a resource, as far as its tags tell.
pub(super) fn manager(resource: &Resource) -> Option<Manager> {
    let controller = CONTROLLERS.iter().find_map(|(key, what)| {
        let name = format!("{what} {}", resource.tag(key)?);
        Some(Manager { name, undoes_changes: true })
    });
    controller.or_else(|| stack(resource)).or_else(|| tool(resource))
}

fn stack(resource: &Resource) -> Option<Manager> {
    let stack = resource.tag(STACK_TAG)?;
    Some(if stack.starts_with(CONTROL_TOWER) {
        Manager { name: "Control Tower".to_owned(), undoes_changes: true }
    } else {
        Manager { name: format!("the CloudFormation stack {stack}"), undoes_changes: false }
    })
}

fn tool(resource: &Resource) -> Option<Manager> {
    TOOL_TAGS.iter().find_map(|key| {
        // A tag `terraform` says it by being there.
        let text = format!("{key} {}", resource.tag(key)?).to_ascii_lowercase();
        if text.ends_with(" false") {
            return None;
        }
        let (_, name) = TOOLS.iter().find(|(word, _)| text.contains(word))?;
        Some(Manager { name: (*name).to_owned(), undoes_changes: false })
    })
}

#[cfg(test)]
mod tests {
    use super::manager;
    use crate::snapshot::{Attributes, Kind, samples};

    fn told(tags: &[(&str, &str)]) -> Option<(String, bool)> {
        let arn = "arn:aws:s3:::orders";
        let bucket = samples::resource(Kind::Bucket, arn, tags, Attributes::Bucket(Box::default()));
        manager(&bucket).map(|manager| (manager.name, manager.undoes_changes))
    }

    #[test]
    fn a_change_by_hand_drifts_from_a_template() {
        let stack = told(&[("aws:cloudformation:stack-name", "shop"), ("ManagedBy", "Terraform")]);
        assert_eq!(stack, Some(("the CloudFormation stack shop".to_owned(), false)));
        for tag in [("ManagedBy", "Terraform"), ("managed-by", "hashicorp/terraform"), ("terraform", "true")]
        {
            assert_eq!(told(&[tag]), Some(("Terraform".to_owned(), false)), "{tag:?}");
        }
        assert_eq!(told(&[("terraform", "false")]), None);
        assert_eq!(told(&[("ManagedBy", "Ada")]), None);
    }

    #[test]
    fn a_controller_undoes_what_others_change() {
        let stack = ("aws:cloudformation:stack-name", "awseb-e-1-stack");
        let environment = told(&[("elasticbeanstalk:environment-name", "web"), stack]);
        assert_eq!(environment, Some(("the Elastic Beanstalk environment web".to_owned(), true)));
        let baseline = ("aws:cloudformation:stack-name", "StackSet-AWSControlTowerBP-BASELINE-CONFIG-1");
        assert_eq!(told(&[baseline]), Some(("Control Tower".to_owned(), true)));
    }
}
