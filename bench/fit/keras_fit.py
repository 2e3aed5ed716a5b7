"""Keras's `fit` on TensorFlow; a second argument `jit` compiles it by XLA."""

import os
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import common
import keras
from keras import layers

x, y = common.digits()


def outputs(inputs):
    if common.network == "dense":
        return layers.Dense(10, activation="softmax")(layers.Dense(128, activation="relu")(inputs))
    if common.network == "conv":
        first = layers.MaxPooling2D()(layers.Conv2D(32, 3, activation="relu")(inputs))
        second = layers.MaxPooling2D()(layers.Conv2D(64, 3, activation="relu")(first))
        return layers.Dense(10, activation="softmax")(layers.Flatten()(second))
    if common.network == "lstm":
        return layers.Dense(10, activation="softmax")(layers.LSTM(64)(inputs))
    embedded = layers.Dense(64)(inputs)
    attended = layers.MultiHeadAttention(4, 16)(embedded, embedded)
    one = layers.LayerNormalization()(layers.Add()([embedded, attended]))
    two = layers.Add()([one, layers.Dense(64)(layers.Dense(128, activation="relu")(one))])
    return layers.Dense(10, activation="softmax")(layers.GlobalAveragePooling1D()(layers.LayerNormalization()(two)))


def make():
    inputs = keras.Input(common.shape)
    model = keras.Model(inputs, outputs(inputs))
    compiled = "jit" in sys.argv[2:]
    model.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=compiled
    )
    return lambda: model.fit(x, y, batch_size=common.batch, epochs=1, verbose=0).history["loss"][0]


common.measure(make)
