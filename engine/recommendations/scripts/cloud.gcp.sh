# Google Cloud: gcloud, signed in with gcloud init. The number is the project and passed with every call.
signed_in_gcp() { gcloud projects describe "$1" --format='value(projectId)' </dev/null 2>/dev/null; }
