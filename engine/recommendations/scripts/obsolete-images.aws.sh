recheck_aws() {
  ask_ec2 "$1" describe-images --image-ids "$(id_of "$1")" --query 'Images[0].State' || return 1
  if [ -z "$said" ] || [ "$said" = gone ]; then
    echo gone
    return
  fi
  ask_ec2 "$1" describe-instances --query 'Reservations[].Instances[].InstanceId' \
    --filters "Name=image-id,Values=$(id_of "$1")" 'Name=instance-state-name,Values=pending,running,stopping,stopped' || return 1
  if [ -n "$said" ]; then
    echo "the instance $said was started from it"
  else
    echo yes
  fi
}

# Its snapshots stay: the next check advises about them.
act_aws() { ec2 "$1" deregister-image --image-id "$(id_of "$1")"; }

is_gone_aws() { [[ "$1" == *InvalidAMIID* ]]; }
