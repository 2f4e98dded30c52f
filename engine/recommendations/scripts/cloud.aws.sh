# Amazon Web Services: AWS CLI v2, signed in with aws configure.
signed_in_aws() { aws sts get-caller-identity --query Account --output text </dev/null 2>/dev/null; }
