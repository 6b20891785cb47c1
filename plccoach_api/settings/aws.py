"""The database's secret in AWS Secrets Manager; needs the `aws` extra."""

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from plccoach_api.settings.environment import Invalid, Secret

_BOUNDED = Config(connect_timeout=3, read_timeout=3, retries={"total_max_attempts": 2})


def read_secret(name: str, region: str) -> Secret:
    """The current version's text. AWS_ENDPOINT_URL and the usual credentials are boto3's own settings."""
    try:
        client = boto3.client("secretsmanager", region_name=region, config=_BOUNDED)
        return Secret(client.get_secret_value(SecretId=name)["SecretString"])
    except ClientError as error:
        raise Invalid(f"AWS Secrets Manager answered {error.response['Error']['Code']} in {region}") from None
    except (BotoCoreError, KeyError, ValueError) as error:
        raise Invalid(f"AWS Secrets Manager gave no text in {region} ({type(error).__name__})") from None
