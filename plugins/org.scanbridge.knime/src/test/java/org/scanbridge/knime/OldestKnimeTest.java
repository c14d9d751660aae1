package org.scanbridge.knime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.knime.core.standin.SinceKnime;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.node.DefaultNodeFactory;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.standin.NodeFactoryCheck;
import org.knime.node.standin.StandinNodeFactory;
import org.knime.node.standin.persistence.ParameterFields;
import org.scanbridge.knime.testing.NodeNames;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Our parameters carry annotations that KNIME 5.8 does not have, such as the one that lets a folder be browsed. The same class
 * files must load there all the same, with everything else that they say. The experiment: all factories are made twice, with
 * the whole stand-in and with a stand-in from which a class loader takes away what {@link SinceKnime} marks.
 */
class OldestKnimeTest {

    /** The stand-in without what is later than KNIME 5.8, and the nodes on it. */
    private static final class Knime58 extends ClassLoader {

        Knime58() {
            super(OldestKnimeTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(final String name, final boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("org.knime.") && !name.startsWith("org.scanbridge.knime.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                final Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(final String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                final byte[] bytes = withoutLater(in.readAllBytes(), name);
                return defineClass(name, bytes, 0, bytes.length,
                    Class.forName(name, false, getParent()).getProtectionDomain());
            } catch (final IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static byte[] withoutLater(final byte[] classFile, final String name) throws ClassNotFoundException {
        final String later = Type.getDescriptor(SinceKnime.class);
        final Set<String> marked = new HashSet<>();
        final ClassReader reader = new ClassReader(classFile);
        reader.accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public AnnotationVisitor visitAnnotation(final String descriptor, final boolean visible) {
                if (descriptor.equals(later)) {
                    marked.add("");
                }
                return null;
            }

            @Override
            public MethodVisitor visitMethod(final int access, final String method, final String descriptor,
                final String signature, final String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public AnnotationVisitor visitAnnotation(final String annotation, final boolean visible) {
                        if (annotation.equals(later)) {
                            marked.add(method);
                        }
                        return null;
                    }
                };
            }
        }, ClassReader.SKIP_CODE);
        if (marked.contains("")) {
            throw new ClassNotFoundException(name + " is later than KNIME 5.8");
        }
        if (marked.isEmpty()) {
            return classFile;
        }
        final ClassWriter writer = new ClassWriter(0);
        reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public MethodVisitor visitMethod(final int access, final String method, final String descriptor,
                final String signature, final String[] exceptions) {
                return marked.contains(method) ? null : super.visitMethod(access, method, descriptor, signature, exceptions);
            }
        }, 0);
        return writer.toByteArray();
    }

    /** What a KNIME sees of the nodes. Its class is loaded once for each KNIME. */
    public static final class Seen {

        private Seen() {
        }

        /** One line for each problem of a factory, for its description, and for each annotation of its parameters. */
        public static List<String> lines(final List<String> factories) throws Exception {
            final List<String> lines = new ArrayList<>();
            for (final String name : factories) {
                final DefaultNodeFactory factory = (DefaultNodeFactory)Class.forName(name).getConstructor().newInstance();
                NodeFactoryCheck.problems(factory).forEach(p -> lines.add(name + " has the problem " + p));
                lines.add(name + " says " + factory.getNodeDescription().getXMLDescription().getTextContent());
                for (final Class<?> type : types(((StandinNodeFactory)factory).getModelParametersClass().orElseThrow(),
                    new HashSet<>())) {
                    for (final Field field : ParameterFields.of(type)) {
                        Arrays.stream(field.getAnnotations()).map(Annotation::toString).sorted()
                            .forEach(a -> lines.add(type.getName() + "." + field.getName() + " has " + a));
                    }
                }
            }
            return lines;
        }

        private static Set<Class<?>> types(final Class<?> type, final Set<Class<?>> seen) {
            if (type.getName().startsWith("org.scanbridge.") && seen.add(type)) {
                for (final Field field : ParameterFields.of(type)) {
                    types(field.getType().isArray() ? field.getType().getComponentType() : field.getType(), seen);
                    if (field.getGenericType() instanceof ParameterizedType p && p.getActualTypeArguments()[0] instanceof Class<?> c) {
                        types(c, seen);
                    }
                }
            }
            return seen;
        }
    }

    /** How {@link Annotation#toString} begins, and what it says of a member that is left out. */
    private static String as58Sees(final String line) {
        return line.replaceAll("(?<=[(, ])stepSize=[^,)]*(, )?", "").replaceAll(", \\)", ")");
    }

    @Test
    void theSameClassFilesLoadWithoutWhatIsLater() throws Exception {
        final List<String> factories = NodeNames.factories();
        final List<String> now = Seen.lines(factories);
        final ClassLoader knime58 = new Knime58();
        @SuppressWarnings("unchecked")
        final List<String> then = (List<String>)knime58.loadClass(Seen.class.getName()).getMethod("lines", List.class)
            .invoke(null, factories);
        final String files = FileSelectionWidget.class.getPackageName();
        final List<String> left = now.stream().filter(line -> !line.contains(" has @" + files + ".")
            && !line.contains(".SuggestionsProvider(")).toList();
        assertTrue(left.size() < now.size(), "no later annotation is used, so the experiment shows nothing");
        assertEquals(new TreeSet<>(left.stream().map(OldestKnimeTest::as58Sees).toList()), new TreeSet<>(then));
    }

    /** The experiment takes away what it is about, and nothing else. */
    @Test
    void theOldestKnimeHasNothingLater() throws Exception {
        final ClassLoader knime58 = new Knime58();
        assertThrows(ClassNotFoundException.class, () -> knime58.loadClass(FileSelectionWidget.class.getName()));
        assertEquals(Widget.class.getName(), knime58.loadClass(Widget.class.getName()).getName());
        assertFalse(Arrays.stream(knime58.loadClass(NumberInputWidget.class.getName()).getDeclaredMethods())
            .anyMatch(m -> m.getName().equals("stepSize")));
    }
}
