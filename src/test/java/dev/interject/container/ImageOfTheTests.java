package dev.interject.container;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the {@link Image}: made when the first asks for it, removed after the last. */
final class ImageOfTheTests implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(ImageOfTheTests.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Image.class;
    }

    @Override
    public Image resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent(Image.class, _ -> Image.make(), Image.class);
    }
}
