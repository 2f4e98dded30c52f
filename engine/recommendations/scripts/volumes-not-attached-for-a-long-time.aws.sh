recheck_aws() {
  local state
  if state=$(aws --region "$(jq -r .region <<<"$1")" ec2 describe-volumes --volume-ids "$(jq -r .cloud_resource_id <<<"$1")" \
    --query 'Volumes[0].State' --output text </dev/null 2>&1); then
    case "$state" in
      available) echo yes ;;
      deleting | deleted) echo gone ;;
      *) echo "it is $state" ;;
    esac
  elif is_gone_aws "$state"; then
    echo gone
  else
    echo "$state"
    return 1
  fi
}

act_aws() {
  aws --region "$(jq -r .region <<<"$1")" ec2 delete-volume --volume-id "$(jq -r .cloud_resource_id <<<"$1")" </dev/null
}

is_gone_aws() { [[ "$1" == *InvalidVolume* ]]; }
