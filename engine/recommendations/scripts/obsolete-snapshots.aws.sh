recheck_aws() {
  local region id volume images
  region=$(jq -r .region <<<"$1")
  id=$(jq -r .cloud_resource_id <<<"$1")
  if ! volume=$(aws --region "$region" ec2 describe-snapshots --snapshot-ids "$id" \
    --query 'Snapshots[0].VolumeId' --output text </dev/null 2>&1); then
    if is_gone_aws "$volume"; then
      echo gone
      return
    fi
    echo "$volume"
    return 1
  fi
  images=$(aws --region "$region" ec2 describe-images --owners self --filters "Name=block-device-mapping.snapshot-id,Values=$id" \
    --query 'Images[].ImageId' --output text </dev/null 2>&1) || {
    echo "$images"
    return 1
  }
  if [ -n "$images" ] && [ "$images" != None ]; then
    echo "the image $images is made from it"
  elif aws --region "$region" ec2 describe-volumes --volume-ids "$volume" </dev/null >/dev/null 2>&1; then
    echo "its volume $volume exists"
  else
    echo yes
  fi
}

act_aws() {
  aws --region "$(jq -r .region <<<"$1")" ec2 delete-snapshot --snapshot-id "$(jq -r .cloud_resource_id <<<"$1")" </dev/null
}

is_gone_aws() { [[ "$1" == *InvalidSnapshot.NotFound* || "$1" == *InvalidSnapshotID* ]]; }
