# Continues introductory_1.py: uses its model, images and labels.
model.compile(optimizer=tf.keras.optimizers.Adam(learning_rate=0.001),
              loss="categorical_crossentropy", metrics=["accuracy"])
model.fit(train_images, train_labels, epochs=50, batch_size=64,
          validation_split=0.2)

test_loss, test_accuracy = model.evaluate(test_images, test_labels)
print("Test accuracy:", test_accuracy)
