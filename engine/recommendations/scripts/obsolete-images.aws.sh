recheck_aws() {
  local region id state used
  region=$(jq -r .region <<<"$1")
  id=$(jq -r .cloud_resource_id <<<"$1")
  if ! state=$(aws --region "$region" ec2 describe-images --image-ids "$id" \
    --query 'Images[0].State' --output text </dev/null 2>&1); then
    if is_gone_aws "$state"; then
      echo gone
      return
    fi
    echo "$state"
    return 1
  fi
  used=$(aws --region "$region" ec2 describe-instances \
    --filters "Name=image-id,Values=$id" 'Name=instance-state-name,Values=pending,running,stopping,stopped' \
    --query 'Reservations[].Instances[].InstanceId' --output text </dev/null 2>&1) || {
    echo "$used"
    return 1
  }
  if [ -n "$used" ] && [ "$used" != None ]; then
    echo "the instance $used was started from it"
  elif [ -z "$state" ] || [ "$state" = None ]; then
    echo gone
  else
    echo yes
  fi
}

# Its snapshots stay: the next check advises about them.
act_aws() {
  aws --region "$(jq -r .region <<<"$1")" ec2 deregister-image --image-id "$(jq -r .cloud_resource_id <<<"$1")" </dev/null
}

is_gone_aws() { [[ "$1" == *InvalidAMIID* ]]; }
