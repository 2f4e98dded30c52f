# Azure: Azure CLI, signed in with az login. The number is the subscription; its resources name it themselves.
signed_in_azure() { az account list --query "[?id=='$1'].id | [0]" --output tsv </dev/null 2>/dev/null; }
