recheck_aws() {
  local volume
  ask_ec2 "$1" describe-snapshots --snapshot-ids "$(id_of "$1")" --query 'Snapshots[0].VolumeId' || return 1
  volume="$said"
  if [ "$volume" = gone ]; then
    echo gone
    return
  fi
  ask_ec2 "$1" describe-images --owners self --query 'Images[].ImageId' \
    --filters "Name=block-device-mapping.snapshot-id,Values=$(id_of "$1")" || return 1
  if [ -n "$said" ]; then
    echo "the image $said is made from it"
    return
  fi
  # Only a volume that EC2 knows nothing of is gone: one that may not be looked at may well be there.
  ask_ec2 "$1" describe-volumes --volume-ids "$volume" --query 'Volumes[0].State' || return 1
  if [ "$said" = gone ]; then
    echo yes
  else
    echo "its volume $volume exists"
  fi
}

act_aws() { ec2 "$1" delete-snapshot --snapshot-id "$(id_of "$1")"; }

is_gone_aws() { [[ "$1" == *InvalidSnapshot.NotFound* || "$1" == *InvalidSnapshotID* || "$1" == *InvalidVolume* ]]; }
