# Amazon Web Services: AWS CLI v2, signed in with aws configure.
signed_in_aws() { aws sts get-caller-identity --query Account --output text </dev/null 2>/dev/null; }

id_of() { jq -r .cloud_resource_id <<<"$1"; }

# EC2 in the region of an item.
ec2() {
  local region
  region=$(jq -r .region <<<"$1")
  shift
  aws --region "$region" ec2 "$@" </dev/null
}

# Asks EC2 about an item. Its answer is in "said": a text, nothing, or "gone"; why it did not answer is printed, and fails.
ask_ec2() {
  if said=$(ec2 "$@" --output text 2>&1); then
    if [ "$said" = None ]; then said=''; fi
  elif is_gone_aws "$said"; then
    said=gone
  else
    echo "$said"
    return 1
  fi
}
