recheck_aws() {
  ask_ec2 "$1" describe-volumes --volume-ids "$(id_of "$1")" --query 'Volumes[0].State' || return 1
  case "$said" in
    available) echo yes ;;
    gone | deleting | deleted) echo gone ;;
    *) echo "it is $said" ;;
  esac
}

act_aws() { ec2 "$1" delete-volume --volume-id "$(id_of "$1")"; }

is_gone_aws() { [[ "$1" == *InvalidVolume* ]]; }
