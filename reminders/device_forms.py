"""What a browser tells of itself when notifications are turned on or off there."""

from django import forms


class DeviceForm(forms.Form):
    """`remove` without an endpoint means all of a person's devices."""

    do = forms.ChoiceField(choices=[("add", "add"), ("remove", "remove")])
    endpoint = forms.CharField(max_length=500, required=False)
    p256dh = forms.CharField(max_length=100, required=False)
    auth = forms.CharField(max_length=40, required=False)
